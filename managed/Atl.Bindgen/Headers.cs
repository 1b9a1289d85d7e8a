using CppSharp.AST;
using CppSharp.Parser;

namespace Atl.Bindgen;

/// <summary>The headers of the native library's C interface, as CppSharp parses them.</summary>
internal sealed class Headers
{
    /// <summary>The headers' folder among those of an include path.</summary>
    public const string Folder = "atl";

    private Headers(IReadOnlyList<TranslationUnit> units, string hash)
    {
        Units = units;
        Hash = hash;
    }

    /// <summary>The headers, by name.</summary>
    public IReadOnlyList<TranslationUnit> Units { get; }

    /// <summary>The hash of the headers' text.</summary>
    public string Hash { get; }

    /// <summary>Reads every header in <c>atl/</c> of an include folder.</summary>
    /// <exception cref="BindgenException">They do not parse.</exception>
    public static Headers Read(string include)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(include, Folder), "*.h").Order(StringComparer.Ordinal)];
        IEnumerable<string> names = files.Select(file => $"{Folder}/{Path.GetFileName(file)}");
        ASTContext tree = SourceParser.Parse(names, include, LanguageVersion.C99);
        return new Headers([.. files.Select(tree.Unit)], SourceHash.Of(files));
    }
}
