using CppSharp;
using CppSharp.AST;
using CppSharp.Parser;

namespace Atl.Bindgen;

/// <summary>Parses C and C++ with CppSharp, without any system's headers.</summary>
internal static class SourceParser
{
    /// <summary>The declarations of files, by their names in an include folder, and of what they include.</summary>
    /// <exception cref="BindgenException">They do not parse.</exception>
    public static ASTContext Parse(
        IEnumerable<string> names, string include, LanguageVersion language, params string[] arguments)
    {
        using ParserOptions options = new() { LanguageVersion = language, TargetTriple = "x86_64-unknown-linux-gnu" };
        // The layouts are the same on every 64-bit system, since the sources use fixed-width types.
        options.NoBuiltinIncludes = true;
        options.NoStandardIncludes = true;
        options.AddSystemIncludeDirs(Path.Combine(AppContext.BaseDirectory, "include"));
        options.AddIncludeDirs(include);
        // The sources' comments are plain ones.
        options.AddArguments("-fparse-all-comments");
        foreach (string argument in arguments) options.AddArguments(argument);
        // One translation unit: what CppSharp knows its declarations by, their addresses, is unique in one alone.
        options.UnityBuild = true;
        options.Setup(TargetPlatform.Linux);
        ParserResult result = CppSharp.ClangParser.ParseSourceFiles(names, options);
        Check(result);
        return CppSharp.ClangParser.ConvertASTContext(options.ASTContext);
    }

    /// <summary>The declarations of a file itself.</summary>
    /// <exception cref="BindgenException">It was not parsed.</exception>
    public static TranslationUnit Unit(this ASTContext tree, string file) =>
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
            throw new BindgenException($"the sources do not parse ({result.Kind}): {string.Join('\n', errors)}");
    }
}
