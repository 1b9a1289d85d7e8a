using System.Security.Cryptography;
using System.Text;
using Atl.TestSupport;

namespace Atl.Tests.Native;

/// <summary>
/// That the committed NativeMethods.g.cs was written from the headers beside it. CppSharp, which writes it, is not
/// needed for that: the file's head has the hash of the headers' text.
/// </summary>
public class GeneratedBindingTests
{
    private static readonly string Include = Path.Combine(TestData.RepositoryRoot, "native", "include", "atl");
    private static readonly string Folder = Path.Combine(TestData.RepositoryRoot, "managed", "Atl", "Native");

    [Test]
    public void TheBindingIsThatOfTheHeaders()
    {
        string text = string.Concat(CHeaders.Files(Include).Select(File.ReadAllText))
            .Replace("\r\n", "\n", StringComparison.Ordinal);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        IEnumerable<string> head = File.ReadLines(Path.Combine(Folder, "NativeMethods.g.cs")).Take(5);
        Assert.That(head, Has.Member($"// SHA-256 of the headers: {hash}"),
            "a header has changed: run `dotnet run build.cs -- bindings` and commit NativeMethods.g.cs");
    }

    [Test]
    public void NoFunctionOfTheLibraryIsDeclaredByHand()
    {
        IEnumerable<string> byHand = Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("LibraryImport(", StringComparison.Ordinal));
        Assert.That(byHand, Is.Empty);
    }
}
