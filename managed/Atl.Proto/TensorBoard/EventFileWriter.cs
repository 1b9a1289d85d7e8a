using System.Globalization;
using Google.Protobuf;

namespace Atl.Proto.TensorBoard;

/// <summary>
/// Writes a TensorBoard event file, <c>events.out.tfevents.SECONDS.MACHINE.PROCESS</c>: a new one each time, since
/// TensorBoard reads the files of a folder in the order of their names as one run.
/// </summary>
internal sealed class EventFileWriter : IDisposable
{
    // The version that makes TensorBoard heed SessionLog.START.
    private const string FileVersion = "brain.Event:2";

    private readonly FileStream _stream;

    /// <summary>Creates the folder, where it is missing, and the file.</summary>
    /// <exception cref="AtlException">The file cannot be created.</exception>
    public EventFileWriter(string folder)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture,
                $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            Path = Free(System.IO.Path.Combine(folder, name));
            // TensorBoard reads while we write.
            // TensorBoard gives a file up at the first record that is not whole: each is written at once, or not at
            // all.
            _stream = new OutputFile(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            Write(new Event { FileVersion = FileVersion });
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            _stream?.Dispose();
            throw new AtlException($"{folder}: no event file can be created: {e.Message}", e);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Writes one event; its time is now. It is handed to the system at once, so that nothing but the machine's end can
    /// lose it. An event that cannot be written is taken back, and those that follow can be read.
    /// </summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(Event message)
    {
        message.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        using MemoryStream record = new();
        RecordFraming.Write(record, message.ToByteArray());
        long end = _stream.Position;
        try
        {
            _stream.Write(record.GetBuffer().AsSpan(0, (int)record.Length));
        }
        catch (IOException)
        {
            _stream.SetLength(end);
            _stream.Position = end;
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    // Two files of one process in one second: the later one's name follows the earlier one's.
    private static string Free(string path)
    {
        string free = path;
        for (int more = 1; File.Exists(free); more++) free = $"{path}.{more}";
        return free;
    }
}
