using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Face.TensorBoard;
using Atl.Proto;
using Atl.Solvers;

namespace Atl.Cli.Commands;

/// <summary>
/// What a training writes beside its snapshots: the run's log and report, and TensorBoard's event file. One that cannot
/// be written is said, and training goes on without it.
/// </summary>
internal sealed class RunOutputs : IDisposable
{
    private readonly OutputLock? _lock;
    private readonly LiveReport? _report;
    private readonly TolerantObserver? _reporting, _recording, _eventWriting;

    /// <summary>Begins them.</summary>
    /// <param name="page">The report's page, whose folder holds the run's log; null for neither.</param>
    /// <param name="events">The folder of the event file; null for none.</param>
    /// <exception cref="AtlException">Another run writes into the page's folder, or a folder cannot be written at
    /// all.</exception>
    public RunOutputs(string? page, string? events)
    {
        try
        {
            if (page is not null)
            {
                if (PathKinds.Of(page) == PathKind.Folder)
                    throw new AtlException($"{page}: a folder, expected the name of the report's page");
                string folder = Path.GetDirectoryName(Path.GetFullPath(page))!,
                    file = Path.Combine(folder, RunLog.FileName);
                MakeFolder(folder);
                _lock = OutputLock.Take(file, "a run's log", note => CaffeLog.Warning(note));
                // The run's start drops what a run that does not go on from here has left.
                RunHistory history = RunFolder.ReadEarlier(folder, note => CaffeLog.Warning(note));
                RunLog? log = Create("the run's log", () => new RunLog(file));
                _report = new LiveReport(history, page);
                _reporting = new TolerantObserver(_report, "the report");
                _recording = new TolerantObserver(new RunRecorder(history, log), "the run's log", log);
            }
            if (events is not null && Create("the event file", () => new EventFileObserver(events)) is { } writer)
                _eventWriting = new TolerantObserver(writer, "the event file", writer);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>They write while these are told of the run.</summary>
    public IEnumerable<ISolverObserver> Observers =>
        new ISolverObserver?[] { _recording, _reporting, _eventWriting }.OfType<ISolverObserver>();

    /// <summary>Writes the page of a run that has ended, also of one that broke off: that is what one wants to look
    /// at.</summary>
    public void Finish()
    {
        if (_report is not null) _reporting?.Try(_report.Save);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _eventWriting?.Dispose();
        _recording?.Dispose();
        _reporting?.Dispose();
        _lock?.Dispose();
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log that goes there says it.
        }
    }

    // What cannot be written at all is an error now, before hours of work; a disk that is full may have room later, and
    // training starts, as it would go on.
    private static T? Create<T>(string what, Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (Exception e) when (DiskFault.Is(e))
        {
            CaffeLog.Warning($"{what} cannot be written, training continues without it: {e.Message}");
            return null;
        }
    }
}
