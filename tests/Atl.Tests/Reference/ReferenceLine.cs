using System.Globalization;

namespace Atl.Tests.Reference;

/// <summary>One line of a manifest: a tensor or a fact.</summary>
internal sealed record ReferenceLine(string Kind, string Name, int Index, Shape? Shape, int Offset, int Count,
    string Extra)
{
    public static ReferenceLine Parse(string line)
    {
        string[] parts = line.Split('\t');
        if (parts.Length != 7)
            throw new FormatException($"a manifest line has 7 columns, found {parts.Length}: {line}");
        return new ReferenceLine(parts[0], parts[1], Number(parts[2]), ParseShape(parts[3]), Number(parts[4]),
            Number(parts[5]), parts[6]);
    }

    private static int Number(string text) => text == "-" ? -1 : int.Parse(text, CultureInfo.InvariantCulture);

    private static Shape? ParseShape(string text) => text switch
    {
        "-" => null,
        "scalar" => Shape.Scalar,
        _ => new Shape([.. text.Split(',').Select(Number)]),
    };
}
