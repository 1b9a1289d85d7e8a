using System.Security.Cryptography;
using System.Text;
using CppSharp;
using CppSharp.AST;
using CppSharp.Parser;

namespace Atl.Bindgen;

/// <summary>The headers of the native library's C interface, as CppSharp parses them.</summary>
internal sealed class Headers
{
    private const string Folder = "atl";

    private Headers(IReadOnlyList<TranslationUnit> units, string hash)
    {
        Units = units;
        Hash = hash;
    }

    /// <summary>The headers, by name.</summary>
    public IReadOnlyList<TranslationUnit> Units { get; }

    /// <summary>The SHA-256 of the headers' text, one after another by name, with line feeds alone.</summary>
    public string Hash { get; }

    /// <summary>Reads every header in <c>atl/</c> of an include folder.</summary>
    /// <exception cref="BindgenException">They do not parse.</exception>
    public static Headers Read(string include)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(include, Folder), "*.h").Order(StringComparer.Ordinal)];
        using ParserOptions options = new() { LanguageVersion = LanguageVersion.C99, TargetTriple = "x86_64-unknown-linux-gnu" };
        // The layouts are the same on every 64-bit system, since the headers use fixed-width types; the generator brings
        // these along and does without the system's headers.
        options.NoBuiltinIncludes = true;
        options.NoStandardIncludes = true;
        options.AddSystemIncludeDirs(Path.Combine(AppContext.BaseDirectory, "include"));
        options.AddIncludeDirs(include);
        // The headers' comments are plain ones.
        options.AddArguments("-fparse-all-comments");
        // One translation unit: what CppSharp knows its declarations by, their addresses, is unique in one alone.
        options.UnityBuild = true;
        options.Setup(TargetPlatform.Linux);
        ParserResult result = CppSharp.ClangParser.ParseSourceFiles(files.Select(file => $"{Folder}/{Path.GetFileName(file)}"), options);
        Check(result);
        ASTContext tree = CppSharp.ClangParser.ConvertASTContext(options.ASTContext);
        return new Headers([.. files.Select(file => Unit(tree, file))], HashOf(files));
    }

    private static TranslationUnit Unit(ASTContext tree, string file) =>
        tree.TranslationUnits.Find(unit => unit.IsValid && Path.GetFullPath(unit.FilePath) == Path.GetFullPath(file))
        ?? throw new BindgenException($"{file}: CppSharp has not seen it");

    private static void Check(ParserResult result)
    {
        List<string> errors = [];
        for (uint i = 0; i < result.DiagnosticsCount; i++)
        {
            ParserDiagnostic found = result.GetDiagnostics(i);
            if (found.Level is ParserDiagnosticLevel.Error or ParserDiagnosticLevel.Fatal)
                errors.Add($"{found.FileName}:{found.LineNumber}:{found.ColumnNumber}: {found.Message}");
        }
        if (result.Kind != ParserResultKind.Success || errors.Count > 0)
            throw new BindgenException($"the headers do not parse ({result.Kind}): {string.Join('\n', errors)}");
    }

    private static string HashOf(string[] files)
    {
        string text = string.Concat(files.Select(File.ReadAllText)).Replace("\r\n", "\n", StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
