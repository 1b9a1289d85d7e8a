using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>
/// A run's log as a file of JSON lines, one <see cref="RunEntry"/> each (<c>{"kind":"train","iteration":20,"loss":6.1,…}</c>; NaN and infinity are
/// strings). It is only ever appended to; each line is handed to the system as a whole.
/// </summary>
public sealed class RunLog : IDisposable
{
    /// <summary>The log's name in a run's folder.</summary>
    public const string FileName = "metrics.jsonl";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
    };

    private readonly FileStream _stream;

    /// <summary>Opens a log to append to; it and its folder are created where they are missing.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public RunLog(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            // A killed run may have left half a line, which must not swallow the next one.
            if (_stream.Length > 0) _stream.WriteByte((byte)'\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{path}: the run's log cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Appends an entry.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(RunEntry entry)
    {
        _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n"));
        _stream.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>Reads a log. Lines that a killed run left unfinished are passed over, and named.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">Told of lines that are passed over.</param>
    /// <exception cref="AtlException">The file is missing, or no line of it is an entry.</exception>
    public static RunHistory Read(string path, Action<string> note)
    {
        RunHistory history = new();
        string[] lines = UserFile.ReadLines(path, "the log of a run");
        int read = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            try
            {
                history.Add(JsonSerializer.Deserialize<RunEntry>(lines[i], Json) ?? throw new JsonException("null"));
                read++;
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                note($"{path}:{i + 1}: passed over, since it is no whole entry of a run's log: {e.Message}");
            }
        }
        if (read == 0) throw new AtlException($"{path}: no entry of a run's log in {lines.Length} lines, expected JSON lines as atl train writes them");
        return history;
    }
}
