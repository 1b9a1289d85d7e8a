using System.Globalization;
using System.Text.RegularExpressions;

namespace Atl.Tests.Native;

/// <summary>
/// What the headers of the C ABI declare: functions, enums, structs and constants, read with the few patterns that the
/// headers keep to.
/// </summary>
internal sealed partial class CHeaders
{
    private CHeaders()
    {
    }

    public List<CFunction> Functions { get; } = [];

    public Dictionary<string, (string Name, int Value)[]> Enums { get; } = [];

    public Dictionary<string, CVariable[]> Structs { get; } = [];

    public Dictionary<string, string> Constants { get; } = [];

    /// <summary>Whether a C# name is that of a C name, but for case and underscores.</summary>
    public static bool Matches(string managed, string native) =>
        string.Equals(managed, native.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    /// <summary>The paths of a folder's headers, by name.</summary>
    public static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*.h").Order(StringComparer.Ordinal)];

    /// <summary>Reads every header of a folder.</summary>
    public static CHeaders Read(string folder)
    {
        CHeaders headers = new();
        foreach (string path in Files(folder))
        {
            string text = Comment().Replace(File.ReadAllText(path), " ");
            foreach (Match match in Constant().Matches(text))
                headers.Constants[match.Groups[1].Value] = match.Groups[2].Value.Trim('"');
            foreach (Match match in Enum().Matches(text))
                headers.Enums[match.Groups[2].Value] =
                    [.. match.Groups[1].Value.Split(',',
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(EnumValue)];
            foreach (Match match in Struct().Matches(text))
                headers.Structs[match.Groups[2].Value] =
                    [.. match.Groups[1].Value.Split(';',
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(Variables)];
            foreach (Match match in Function().Matches(text))
                headers.Functions.Add(new CFunction(Path.GetFileName(path),
                    Spaces().Replace(match.Groups[1].Value.Trim(), " "), match.Groups[2].Value,
                    Parameters(match.Groups[3].Value)));
        }
        return headers;
    }

    private static CVariable[] Parameters(string list) =>
        list.Trim() is "" or "void" ? [] : [.. list.Split(',', StringSplitOptions.TrimEntries).SelectMany(Variables)];

    // "int64_t n, c" declares two variables; "const float* x" one; "const int64_t *input, *kernel" two pointers.
    private static IEnumerable<CVariable> Variables(string declaration)
    {
        string[] parts = Spaces().Replace(declaration.Replace("*const", "* const", StringComparison.Ordinal), " ")
            .Trim()
            .Split(',', StringSplitOptions.TrimEntries);
        Match first = Declaration().Match(parts[0]);
        if (!first.Success) throw new FormatException($"not understood: {declaration}");
        string type = first.Groups[1].Value.Trim();
        yield return new CVariable(type, first.Groups[2].Value.Count(c => c == '*'), first.Groups[3].Value,
            Length(first));
        foreach (string part in parts.Skip(1))
        {
            Match other = Declarator().Match(part);
            if (!other.Success) throw new FormatException($"not understood: {declaration}");
            yield return new CVariable(type, other.Groups[1].Value.Length, other.Groups[2].Value,
                other.Groups[3].Success ? int.Parse(other.Groups[3].Value, CultureInfo.InvariantCulture) : 1);
        }
    }

    private static int Length(Match match) => match.Groups[4].Success
        ? int.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture) : 1;

    private static (string Name, int Value) EnumValue(string text)
    {
        string[] parts = text.Split('=', StringSplitOptions.TrimEntries);
        return (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"/\*.*?\*/|//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^#define (ATL_\w+) (\d+|""[^""]*"")$", RegexOptions.Multiline)]
    private static partial Regex Constant();

    [GeneratedRegex(@"typedef\s+enum\s+\w+\s*\{(.*?)\}\s*(\w+)\s*;", RegexOptions.Singleline)]
    private static partial Regex Enum();

    [GeneratedRegex(@"typedef\s+struct\s+\w+\s*\{(.*?)\}\s*(\w+)\s*;", RegexOptions.Singleline)]
    private static partial Regex Struct();

    [GeneratedRegex(@"ATL_API\s+([\w\s]+?\**)\s*\b(atl_\w+)\s*\(([^)]*)\)\s*;")]
    private static partial Regex Function();

    [GeneratedRegex(@"^((?:const\s+)?\w+)\s*((?:\*\s*(?:const\b\s*)?)*)(\w+)(?:\[(\d+)\])?$")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^(\**)\s*(\w+)(?:\[(\d+)\])?$")]
    private static partial Regex Declarator();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>A variable, parameter or field: its type without pointers, how many pointers, its name, and its length as
/// an array.</summary>
internal sealed record CVariable(string Type, int Pointers, string Name, int Length)
{
    public string Pointee => Type.Replace("const ", "", StringComparison.Ordinal);
}

/// <summary>A function of the C ABI.</summary>
internal sealed record CFunction(string Header, string Result, string Name, CVariable[] Parameters);
