using System.Security.Cryptography;
using System.Text;

namespace Atl.Bindgen;

/// <summary>The hash in a generated file's head of the sources from which it was written.</summary>
internal static class SourceHash
{
    /// <summary>The SHA-256 of files' text, one after another by name, with line feeds alone.</summary>
    public static string Of(IEnumerable<string> files)
    {
        string text = string.Concat(files.Select(File.ReadAllText)).Replace("\r\n", "\n", StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
