using System.Text;

namespace Atl.Data;

/// <summary>
/// Lines of comma-separated values: fields that hold a comma, a quote or a line's end stand in double quotes, as in RFC
/// 4180; line ends become spaces.
/// </summary>
internal static class CsvLine
{
    /// <summary>A field as it is written.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal).ReplaceLineEndings(" ") + '"';
    }

    /// <summary>The fields of a line.</summary>
    public static List<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!line.Contains('"', StringComparison.Ordinal)) return [.. line.Split(',')];
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                Take();
            else
                field.Append(line[i]);
        }
        Take();
        return fields;

        void Take()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
