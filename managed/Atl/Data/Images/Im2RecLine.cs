namespace Atl.Data;

/// <summary>
/// A line of the lists (.lst) that MXNet's im2rec and insightface take, with tabs between the columns: an index, labels
/// and a path; or a flag, a path, a label and what else is known of the image.
/// </summary>
internal static class Im2RecLine
{
    /// <summary>The form of such a line, for messages.</summary>
    public const string Expected = "an index, a label and a path, with tabs between them";

    /// <summary>Parts a line; null where it is none of these.</summary>
    public static (string Path, string[] Labels)? Split(string line)
    {
        string[] columns = [.. line.Split('\t').Select(column => column.Trim())];
        if (columns.Length < 3 || !LabelText.IsNumber(columns[0])) return null;
        if (!LabelText.IsNumber(columns[^1])) return columns[1..^1].All(LabelText.IsNumber)
            ? (columns[^1], columns[1..^1]) : null;
        return LabelText.IsNumber(columns[1]) ? null : (columns[1], columns[2..]);
    }
}
