namespace Atl.Proto;

/// <summary>
/// Keeps others away from an output while it is written: other processes, also those of other machines that share the
/// folder, and others of this process. What counts is a lock of the system on a file beside the output. It ends with
/// the process that holds it, so that neither a killed process nor a copied folder holds anything; what the file says
/// (host, process, start) is there for messages only. The file goes with the lock.
/// </summary>
/// <remarks>May be used by several threads.</remarks>
internal sealed class OutputLock : IDisposable
{
    /// <summary>The suffix that turns the output's name into that of the file.</summary>
    public const string Ending = ".lock";

    // A byte far behind the text: Windows lets nobody read a locked one.
    private const long LockedByte = 1L << 30;

    // Stands at the beginning of a file whose lock was given back. The next one may have opened it before it was
    // removed.
    private const byte GivenBack = (byte)'#';

    private const int Attempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromMinutes(2);

    // The system's locks do not keep one part of a process from another.
    private static readonly HashSet<string> OfThisProcess = new(StringComparer.Ordinal);

    private readonly string _file;
    private readonly IDisposable? _tracked;
    private FileStream? _stream;
    private bool _disposed;

    private OutputLock(string file, FileStream? stream)
    {
        _file = file;
        _stream = stream;
        // A program that is told to end removes the file, too.
        _tracked = stream is null ? null : TemporaryPaths.Track(file);
    }

    /// <summary>Takes the lock of an output for as long as it is written.</summary>
    /// <param name="output">The output: a file, a folder, or the beginning of the names of several.</param>
    /// <param name="what">What is written there, for the message: "snapshots".</param>
    /// <param name="note">Receives a message if no lock is available (some network file systems have none); work goes
    /// on then.</param>
    /// <exception cref="AtlException">Another process, or another part of this one, writes there.</exception>
    public static OutputLock Take(string output, string what, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(note);
        // Devices, such as /dev/null, are everybody's.
        if (Path.GetFullPath(output).StartsWith("/dev/", StringComparison.Ordinal)) return new OutputLock("", null);
        string file = FileOf(output);
        return TryTake(file, note, out string holder) ?? throw new AtlException(
            $"{PathText.Show(output)}: {holder} is writing {what} here; wait for its end or choose another name (the "
                + $"lock is {PathText.Show(file)})");
    }

    /// <summary>Takes the lock of an output that is written in a moment, and waits while another one has it.</summary>
    /// <exception cref="AtlException">Another one keeps it for minutes.</exception>
    public static OutputLock Wait(string output)
    {
        string file = FileOf(output);
        long begin = Environment.TickCount64;
        while (true)
        {
            if (TryTake(file, _ => { }, out string holder) is { } taken) return taken;
            if (Environment.TickCount64 - begin > Patience.TotalMilliseconds)
                throw new AtlException(
                    $"{PathText.Show(output)}: {holder} keeps {PathText.Show(file)} for more than "
                        + $"{Patience.TotalMinutes:0} minutes, "
                        + "expected it to be free");
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Gives the lock back, and removes its file.</summary>
    public void Dispose()
    {
        lock (OfThisProcess)
        {
            if (_disposed) return;
            _disposed = true;
        }
        try
        {
            // Where the folder has gone, or is not ours any more, the lock ends all the same.
            FileFault.Ignore(() =>
            {
                if (_stream is null) return;
                MarkGivenBack(_stream);
                File.Delete(_file);
            });
        }
        finally
        {
            _stream?.Dispose();
            _stream = null;
            _tracked?.Dispose();
            lock (OfThisProcess) OfThisProcess.Remove(_file);
        }
    }

    private static void MarkGivenBack(FileStream stream)
    {
        try
        {
            stream.Position = 0;
            stream.WriteByte(GivenBack);
        }
        catch (IOException)
        {
            // The disk is full, and the file as empty as it was. Those who have opened it see that it has gone.
        }
    }

    private static string FileOf(string output) => Path.GetFullPath(Path.TrimEndingDirectorySeparator(output) + Ending);

    // Null where another one has it.
    private static OutputLock? TryTake(string file, Action<string> note, out string holder)
    {
        holder = "another part of this process";
        lock (OfThisProcess)
            if (!OfThisProcess.Add(file))
                return null;
        bool taken = false;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                FileStream? stream = Open(file, note);
                if (stream is null)
                {
                    taken = true;
                    return new OutputLock(file, null);
                }
                if (!TryLock(stream, note, out holder))
                {
                    stream.Dispose();
                    return null;
                }
                if ((IsGivenBack(stream) || !File.Exists(file)) && attempt < Attempts)
                {
                    stream.Dispose();
                    Thread.Sleep(Pause);
                    continue;
                }
                taken = true;
                LockHolder.Write(stream);
                return new OutputLock(file, stream);
            }
        }
        finally
        {
            if (!taken)
                lock (OfThisProcess)
                    OfThisProcess.Remove(file);
        }
    }

    // Null where there can be no file. What is to be written cannot be either, or not for long: its own message says
    // so.
    private static FileStream? Open(string file, Action<string> note)
    {
        try
        {
            if (PathKinds.Of(file) is not (PathKind.File or PathKind.Absent) and var kind)
                throw new IOException($"{PathKinds.Describe(kind)} has this name");
            return new OutputFile(
                file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            note($"{PathText.Show(file)}: cannot create a lock, so Atl cannot detect another run that writes here: "
                + $"{e.Message}");
            return null;
        }
    }

    // False where another one has it.
    private static bool TryLock(FileStream stream, Action<string> note, out string holder)
    {
        holder = "";
        try
        {
            if (!OperatingSystem.IsMacOS())
            {
                stream.Lock(LockedByte, 1);
                return true;
            }
        }
        catch (Exception e) when (IsTaken(e))
        {
            holder = LockHolder.Read(stream) ?? "another process";
            return false;
        }
        catch (IOException)
        {
            // The file system has no locks: what the file says is all that there is.
        }
        string? other = LockHolder.Read(stream);
        note($"{PathText.Show(stream.Name)}: no locks work here, so another run that writes here would not be noticed"
            + (other is null ? "" : $"; {other} has begun to write here, and has not ended or was killed"));
        return true;
    }

    // EAGAIN of Linux and ERROR_LOCK_VIOLATION of Windows; some systems say EACCES.
    private static bool IsTaken(Exception error) =>
        error is UnauthorizedAccessException
        || (error is IOException && error.HResult is 11 or unchecked((int)0x80070021));

    private static bool IsGivenBack(FileStream stream)
    {
        stream.Position = 0;
        return stream.ReadByte() == GivenBack;
    }
}
