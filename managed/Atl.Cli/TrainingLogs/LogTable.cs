using System.Globalization;
using Atl.Proto;

namespace Atl.Cli.TrainingLogs;

/// <summary>Rows of a training log as CSV: NumIters, Seconds, LearningRate, and the outputs; numbers as Python writes
/// them, lines ended by CR LF.</summary>
internal static class LogTable
{
    /// <summary>Writes the rows; an output that a row lacks stays empty, and one that the first row lacks has a column
    /// at the end.</summary>
    /// <exception cref="AtlException">The file can't be written.</exception>
    public static void Write(string path, IReadOnlyList<LogRow> rows, string delimiter)
    {
        string[] outputs = [.. rows.SelectMany(row => row.Outputs).Select(output => output.Name).Distinct()];
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\r\n" };
            writer.WriteLine(string.Join(delimiter, ["NumIters", "Seconds", "LearningRate", .. outputs]));
            foreach (LogRow row in rows)
            {
                Dictionary<string, double> values = [];
                foreach ((string name, double value) in row.Outputs) values[name] = value;
                writer.WriteLine(string.Join(delimiter, [
                    Number(row.Iteration), Number(row.Seconds), Number(row.LearningRate),
                    .. outputs.Select(name => values.TryGetValue(name, out double value) ? Number(value) : "")]));
            }
        });
    }

    /// <summary>The shortest text that reads back as the number, with a point where it is whole: <c>100.0</c>,
    /// <c>1e-05</c>, <c>nan</c>.</summary>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        double size = Math.Abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e16))
            return value.ToString("0.################e+00", CultureInfo.InvariantCulture);
        string text = value.ToString("0.####################", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }
}
