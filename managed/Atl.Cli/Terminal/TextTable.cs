namespace Atl.Cli.Terminal;

/// <summary>Rows in columns as wide as their widest cell, two spaces apart.</summary>
/// <param name="columns">The columns' heads; a head that begins with '>' stands over numbers, which are aligned to the
/// right.</param>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the heads, a line and the rows.</summary>
    public void Write(TextWriter output)
    {
        string[] heads = [.. columns.Select(column => column.TrimStart('>'))];
        int[] widths = [.. heads.Select((head, i) => _rows.Select(row => row[i].Length).Append(head.Length).Max())];
        output.WriteLine(Line(heads, widths));
        output.WriteLine(new string('-', widths.Sum() + 2 * (widths.Length - 1)));
        foreach (string[] row in _rows) output.WriteLine(Line(row, widths));
    }

    private string Line(string[] cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, i) => columns[i].StartsWith('>') ? cell.PadLeft(widths[i])
            : cell.PadRight(widths[i]))).TrimEnd();
}
