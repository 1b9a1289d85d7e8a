using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>
/// A run's log as a file of JSON lines, one <see cref="RunEntry"/> each
/// (<c>{"kind":"train","iteration":20,"loss":6.1,…}</c>; NaN and infinity are strings). It is only ever appended to;
/// each line is handed to the system as a whole, and one that cannot be written is taken back.
/// </summary>
internal sealed class RunLog : IDisposable
{
    /// <summary>The log's name in a run's folder.</summary>
    public const string FileName = "metrics.jsonl";

    private const string Expected = "a run's log (JSON lines as atl train writes them)";
    private const int LongestLine = 1 << 24;
    private const string Ignored = "ignored";
    private const string PutInPlace = "used where its iteration belongs";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        AllowOutOfOrderMetadataProperties = true,
    };

    private readonly string _path;
    private readonly Action<string>? _note;
    private FileStream _stream;

    /// <summary>Opens a log to append to; it and its folder are created where they are missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">Receives a message if the file is removed while open, and started again.</param>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public RunLog(string path, Action<string>? note = null)
    {
        _path = path;
        _note = note;
        _stream = Open(path);
    }

    /// <summary>Appends an entry, to a new file where the log was removed.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    /// <exception cref="AtlException">The file was removed and cannot be written again.</exception>
    public void Append(RunEntry entry)
    {
        if (!File.Exists(_path)) BeginAnew();
        long end = _stream.Length;
        try
        {
            _stream.Position = end;
            _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n"));
        }
        catch (IOException)
        {
            // Half a line would swallow the next one.
            _stream.SetLength(end);
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>
    /// Reads a log. Of the lines that are no whole entries, such as one that a killed run left unfinished, the first is
    /// named, with the number of the others; they are ignored.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="note">Receives a message for each ignored line.</param>
    /// <exception cref="AtlException">The file is missing, or no line of it is an entry.</exception>
    public static RunHistory Read(string path, Action<string> note)
    {
        (RunHistory history, long lines, long entries) = ReadLines(path, note);
        if (entries == 0)
            throw new AtlException($"{path}: no entry of a run's log in {lines} lines, expected JSON lines as atl "
                + "train writes them");
        return history;
    }

    /// <summary>As <see cref="Read"/>, for a log that is gone on with: one that cannot be used is named, and counts as
    /// empty.</summary>
    internal static RunHistory ReadEarlier(string path, Action<string> note)
    {
        try
        {
            return ReadLines(path, note).History;
        }
        catch (AtlException e)
        {
            note($"{e.Message}; the report starts over");
            return new RunHistory();
        }
    }

    private static (RunHistory History, long Lines, long Entries) ReadLines(string path, Action<string> note)
    {
        RunHistory history = new();
        OddLines odd = new(path);
        long lines = 0, entries = 0;
        foreach (BoundedLine line in BoundedLines.Read(path, Expected, LongestLine))
        {
            lines = line.Number;
            if (line.Text.Length == 0) continue;
            if (line.IsTooLong)
            {
                odd.Add(line.Number, Ignored,
                    $"longer than {LongestLine} characters, expected an entry of a run's log");
            }
            else if (Parse(line.Text, out string problem) is { } entry)
            {
                entries++;
                if (history.Take(entry) is { } place) odd.Add(line.Number, PutInPlace, place);
            }
            else
            {
                odd.Add(line.Number, Ignored, $"no whole entry of a run's log ({problem})");
            }
        }
        odd.Tell(note);
        return (history, lines, entries);
    }

    private static RunEntry? Parse(string line, out string problem)
    {
        problem = "null";
        try
        {
            RunEntry? entry = JsonSerializer.Deserialize<RunEntry>(line, Json);
            if (entry?.Fault is not { } fault) return entry;
            problem = fault;
        }
        catch (JsonException e)
        {
            problem = JsonProblem.Of(e);
        }
        catch (NotSupportedException)
        {
            problem = "no 'kind' that is known";
        }
        return null;
    }

    private static OutputFile Open(string path)
    {
        OutputFile? stream = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            // Without a buffer: a line that failed must not be written after all by a later one.
            stream = new OutputFile(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            if (!stream.CanSeek) throw new IOException("a pipe, expected a file");
            EndLastLine(stream);
            return stream;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            stream?.Dispose();
            throw new AtlException($"{path}: the run's log cannot be written: {e.Message}", e);
        }
    }

    // A killed run may have left half a line, which must not swallow the next one.
    private static void EndLastLine(OutputFile stream)
    {
        if (stream.Length == 0) return;
        stream.Position = stream.Length - 1;
        if (stream.ReadByte() != '\n') stream.WriteByte((byte)'\n');
    }

    // Linux lets a file go that is open, and what is appended to it then is lost without an error.
    private void BeginAnew()
    {
        FileStream removed = _stream;
        _stream = Open(_path);
        removed.Dispose();
        _note?.Invoke($"{_path}: the run's log was removed while the run goes on; it begins anew, without the entries "
            + "before");
    }
}
