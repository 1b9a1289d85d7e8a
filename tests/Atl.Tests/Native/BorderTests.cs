using System.Diagnostics;
using System.Text.RegularExpressions;
using Atl.Native;
using Atl.TestSupport;

namespace Atl.Tests.Native;

/// <summary>What the C ABI promises of each function and C# cannot see: what is exported, that nothing is thrown,
/// sizes, threads.</summary>
public partial class BorderTests
{
    private static readonly string NativeFolder = Path.Combine(TestData.RepositoryRoot, "native"),
        Include = Path.Combine(NativeFolder, "include", "atl");

    private static readonly string[] ThreadStatements = ["Thread-safe.", "One thread at a time for one convolution."];

    private static readonly Lazy<CHeaders> Headers = new(() => CHeaders.Read(Include));

    [Test]
    public void TheLibraryExportsTheHeadersFunctionsAndNothingElse()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("exported symbols are read with nm, on Linux");
        string library = Path.Combine(AppContext.BaseDirectory, $"lib{NativeMethods.Library}.so");
        using Process nm = Process.Start(new ProcessStartInfo("nm",
            ["-D", "--defined-only", "--format=posix", library])
        { RedirectStandardOutput = true })!;
        string[] exported = [.. nm.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0])];
        nm.WaitForExit();
        Assert.That(nm.ExitCode, Is.Zero);
        Assert.That(exported, Is.EquivalentTo(Headers.Value.Functions.Select(function => function.Name)));
    }

    [Test]
    public void EveryFunctionSaysWhichThreadsMayCallIt()
    {
        int functions = 0;
        foreach (string header in Directory.GetFiles(Include, "*.h"))
            foreach (Match match in CommentAndFunction().Matches(File.ReadAllText(header)))
            {
                functions++;
                string comment = Spaces().Replace(match.Groups["comment"].Value, " ");
                int statements = ThreadStatements.Count(statement =>
                    comment.Contains(statement, StringComparison.Ordinal));
                string name = match.Groups["name"].Value;
                Assert.That(statements, Is.EqualTo(1),
                    $"the comment of {name} says one of: {string.Join(" | ", ThreadStatements)}");
            }
        Assert.That(functions, Is.EqualTo(Headers.Value.Functions.Count), "every function has a comment of its own");
    }

    [Test]
    public void NoFunctionLetsAnExceptionOut()
    {
        string[] sources = [.. new[] { "common", "cpu" }.SelectMany(folder =>
            Directory.GetFiles(Path.Combine(NativeFolder, folder), "*.cpp"))];
        Dictionary<string, string> bodies = [];
        foreach (string text in sources.Select(File.ReadAllText))
        {
            // A body is one call of guard, or of a function of the same file whose body is; or it tells what was found
            // when the library was loaded.
            string[] guarded = [.. Helper().Matches(text).Select(match => match.Groups[1].Value), "atl::guard"];
            foreach (Match match in Definition().Matches(text))
                bodies[match.Groups["name"].Value] = guarded.Contains(match.Groups["first"].Value) ? "guarded"
                    : $"begins with {match.Groups["first"].Value}";
            const string Told = "{ return atl::processor::suits ? ATL_OK : atl::processor::refuse(); }";
            if (text.Contains(Told, StringComparison.Ordinal))
                bodies["atl_check_processor"] = "guarded";
        }
        Assert.That(bodies.Keys,
            Is.EquivalentTo(Headers.Value.Functions.Where(function => function.Result == "atl_status")
                .Select(function => function.Name)));
        Assert.That(bodies.Where(body => body.Value != "guarded"), Is.Empty);
    }

    // tests/native/CMakeLists.txt reads this form, so that zero_sizes_test tries every function.
    [Test]
    public void EveryFunctionWithParametersIsDeclaredInOneForm()
    {
        string headers = string.Join('\n', Directory.GetFiles(Include, "*.h").Select(File.ReadAllText));
        IEnumerable<string> names = Headers.Value.Functions.Where(function => function.Parameters.Length > 0)
            .Select(function => function.Name);
        Assert.That(names.Where(name => !Regex.IsMatch(headers, $@"ATL_API[ \n]+atl_status[ \n]+{name}\(")), Is.Empty,
            "declare each as ATL_API atl_status NAME(");
    }

    [Test]
    public void SizesAre64BitsWide()
    {
        CVariable[] variables =
            [.. Headers.Value.Functions.SelectMany(function => function.Parameters),
            .. Headers.Value.Structs.Values.SelectMany(fields => fields)];
        Assert.That(variables.Where(variable => variable.Type is "int" or "long" or "size_t" or "unsigned"
            or "uint32_t"), Is.Empty);
        string[] sizes =
        [
            "n", "m", "k", "c", "d", "count", "outer", "inner", "channels", "spatial", "rows", "size", "classes",
            "features",
            "samples", "bytes", "workspace",
        ];
        foreach (CVariable variable in variables.Where(variable => variable.Pointers == 0
            && sizes.Contains(variable.Name)))
            Assert.That(variable.Type, Is.EqualTo("int64_t").Or.EqualTo("float"), variable.Name);
    }

    [GeneratedRegex(@"(?<comment>/\*(?:[^*]|\*(?!/))*\*/)\nATL_API [\w ]+?\*?\s*(?<name>atl_\w+)\(",
        RegexOptions.CultureInvariant)]
    private static partial Regex CommentAndFunction();

    [GeneratedRegex(@"extern ""C"" atl_status (?<name>atl_\w+)\([^{;]*\)\s*\{\s*return (?<first>[\w:]+)\(")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\natl_status (\w+)\([^{;]*\)\s*\{\s*return atl::guard\(")]
    private static partial Regex Helper();

    [GeneratedRegex(@"[\s*]+")]
    private static partial Regex Spaces();
}
