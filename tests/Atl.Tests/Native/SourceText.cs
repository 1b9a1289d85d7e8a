using System.Security.Cryptography;
using System.Text;

namespace Atl.Tests.Native;

/// <summary>The text of sources from which C# was generated.</summary>
internal static class SourceText
{
    /// <summary>The SHA-256 of files' text, one after another by name, with line feeds alone.</summary>
    public static string Hash(IEnumerable<string> files)
    {
        string text = string.Concat(files.Order(StringComparer.Ordinal).Select(File.ReadAllText));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal))));
    }
}
