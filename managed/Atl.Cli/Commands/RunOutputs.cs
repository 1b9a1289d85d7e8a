using Atl.Face.Report;
using Atl.Face.Runs;
using Atl.Face.TensorBoard;
using Atl.Proto;
using Atl.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>
/// The outputs of a training beside its snapshots: the run's log and report, and TensorBoard's event file. If one
/// cannot be written, a warning is logged, and training continues without it.
/// </summary>
internal sealed class RunOutputs : IDisposable
{
    private readonly ILogger _log;
    private readonly OutputLock? _lock;
    private readonly LiveReport? _report;
    private readonly TolerantObserver? _reporting, _recording, _eventWriting;

    /// <summary>Begins them.</summary>
    /// <param name="page">The report's page, whose folder holds the run's log; null for neither.</param>
    /// <param name="events">The folder of the event file; null for none.</param>
    /// <param name="log">The program's log, for what cannot be written.</param>
    /// <exception cref="AtlException">Another run writes into the page's folder, or a folder cannot be written at
    /// all.</exception>
    public RunOutputs(string? page, string? events, ILogger log)
    {
        _log = log;
        try
        {
            if (page is not null)
            {
                if (PathKinds.Of(page) == PathKind.Folder)
                    throw new AtlException($"{page}: a folder, expected the name of the report's page");
                string folder = Path.GetDirectoryName(Path.GetFullPath(page))!,
                    file = Path.Combine(folder, RunLog.FileName);
                MakeFolder(folder);
                _lock = OutputLock.Take(file, "a run's log", Warn);
                // The run's start drops what a run that does not go on from here has left.
                RunHistory history = RunFolder.ReadEarlier(folder, Warn);
                RunLog? written = Create("the run's log", () => new RunLog(file, Warn));
                _report = new LiveReport(history, page, log);
                _reporting = new TolerantObserver(_report, "the report", log);
                _recording = new TolerantObserver(new RunRecorder(history, written), "the run's log", log, written);
            }
            if (events is not null && Create("the event file", () => new EventFileObserver(events)) is { } writer)
                _eventWriting = new TolerantObserver(writer, "the event file", log, writer);
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

    /// <summary>Writes the page of a run that has ended, also of an interrupted one: that is what one wants to look
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

    private void Warn(string note) => _log.Warning($"{note}");

    // The log that goes there says it where the folder cannot be made.
    private static void MakeFolder(string folder) => FileFault.Ignore(() => Directory.CreateDirectory(folder));

    // What cannot be written at all is an error now, before hours of work; a disk that is full may have room later, and
    // training starts, as it would go on.
    private T? Create<T>(string what, Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (Exception e) when (DiskFault.Is(e))
        {
            _log.Warning($"{what} cannot be written, training continues without it: {e.Message}");
            return null;
        }
    }
}
