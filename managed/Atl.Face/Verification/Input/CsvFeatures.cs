using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>
/// Reads features from comma-separated values: a row a line. Under a first line that begins with <c>name</c> the first
/// column holds the images' names; without it every column is a value.
/// </summary>
internal static class CsvFeatures
{
    // Five million values.
    private const int LongestRow = 1 << 26;

    public static NamedFeatures Read(string path)
    {
        List<float[]> rows = [];
        List<string> names = [];
        bool named = false;
        int line = 0;
        foreach (string text in TextLines.Each(path, "features", longest: LongestRow))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            List<string> fields = CsvLine.Split(text);
            if (rows.Count == 0 && !named && fields[0].Trim() == FeatureFile.CsvName)
            {
                named = true;
                continue;
            }
            float[] row = new float[fields.Count - (named ? 1 : 0)];
            for (int i = 0; i < row.Length; i++) row[i] = Number(fields, i + (named ? 1 : 0), $"{path}:{line}", named);
            if (row.Length == 0) throw new AtlException($"{path}:{line}: a name without values, expected a feature");
            if (rows.Count > 0 && row.Length != rows[0].Length)
                throw new AtlException(
                    $"{path}:{line}: {Amount.Of(row.Length, "value")}, expected {rows[0].Length} as in the first row");
            rows.Add(row);
            if (named) names.Add(QuotedName.Parse(fields[0]));
        }
        if (rows.Count == 0) throw new AtlException($"{path}: no rows, expected features as name,v1,v2,…");
        return new NamedFeatures(FeatureMatrix.FromRows(rows), named ? names : null);
    }

    private static float Number(List<string> fields, int column, string place, bool named) =>
        float.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw new AtlException($"{place}: column {column + 1} is '{fields[column]}', expected a number"
                + (named ? "" : $"; a column of names has the first line {FeatureFile.CsvName},v1,v2,…"));
}
