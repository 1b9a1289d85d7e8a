using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Atl.Data;
using Atl.Proto;

namespace Atl.Faults;

/// <summary>
/// What a command has left in its folder, by name. A file is known by the digest of its bytes, a database by that of
/// its records, and what holds times of day (a run's log, a page) by whether it is whole.
/// </summary>
internal static class FolderContent
{
    /// <summary>A run's log all lines of which are whole.</summary>
    public const string WholeLog = "a log of whole lines";

    /// <summary>A run's log whose last line was being written.</summary>
    public const string CutLog = "a log whose last line is cut";

    /// <summary>Reads a folder.</summary>
    public static SortedDictionary<string, string> Read(string folder)
    {
        SortedDictionary<string, string> content = new(StringComparer.Ordinal);
        Add(folder, folder, content);
        return content;
    }

    private static void Add(string root, string folder, SortedDictionary<string, string> content)
    {
        if (RecordDatabase.BackendAt(folder) is { } backend)
        {
            content[Path.GetRelativePath(root, folder) + "/"] = Records(folder, backend);
            return;
        }
        foreach (string file in Directory.EnumerateFiles(folder))
            if (!IsEvents(file)) content[Path.GetRelativePath(root, file)] = OfFile(file);
        foreach (string inner in Directory.EnumerateDirectories(folder)) Add(root, inner, content);
    }

    // A TensorBoard file of its own is begun by each run, named after the time and the process.
    private static bool IsEvents(string file) =>
        Path.GetFileName(file).StartsWith("events.out.", StringComparison.Ordinal);

    private static string OfFile(string file) => Path.GetFileName(file) switch
    {
        var name when name.EndsWith(".jsonl", StringComparison.Ordinal)
            && name.StartsWith("metrics", StringComparison.Ordinal) => OfLog(file),
        var name when name.EndsWith(".html", StringComparison.Ordinal) =>
            File.ReadAllText(file).TrimEnd().EndsWith("</html>", StringComparison.Ordinal) ? "a whole page"
            : "a page without its end",
        _ => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))),
    };

    private static string OfLog(string file)
    {
        string text = File.ReadAllText(file);
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length - 1; i++)
            if (!IsEntry(lines[i])) return $"a log whose line {i + 1} of {lines.Length - 1} is '{lines[i]}'";
        return lines[^1].Length == 0 ? WholeLog : CutLog;
    }

    private static bool IsEntry(string line)
    {
        try
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            return entry.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Records(string folder, DataParameter.Types.DB backend)
    {
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using RecordReader reader = RecordDatabase.Open(folder, backend);
            int count = 0;
            do
            {
                hash.AppendData(Encoding.UTF8.GetBytes(reader.Key + "\n"));
                hash.AppendData(reader.Value);
                count++;
            }
            while (reader.TryMoveNext());
            return $"{count} records {Convert.ToHexString(hash.GetHashAndReset())}";
        }
        catch (AtlException e)
        {
            return $"a database that cannot be read: {e.Message}";
        }
    }
}
