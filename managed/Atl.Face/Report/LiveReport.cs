using System.Diagnostics;
using Atl.Face.Runs;
using Atl.Logging;
using Atl.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Report;

/// <summary>
/// Writes the report of a run while it is trained, when the solver displays or tests; at most every two seconds. The
/// verifications in the page's folder are part of it.
/// </summary>
/// <param name="history">The readings; who takes them stands before this among the solver's observers.</param>
/// <param name="page">The page's path.</param>
/// <param name="logger">The logger that is warned of verifications that cannot be read.</param>
internal sealed class LiveReport(RunHistory history, string page, ILogger logger) : ISolverObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly RunVerifications _verifications = new(Path.GetDirectoryName(Path.GetFullPath(page))!);
    private long _saved;

    /// <inheritdoc/>
    public void OnIteration(Solver solver, SolverProgress progress)
    {
        if (solver.Parameter.Display > 0 && progress.Iteration % solver.Parameter.Display == 0) SaveAfterPause();
    }

    /// <inheritdoc/>
    public void OnTest(Solver solver, SolverTestResult result) => SaveAfterPause();

    /// <summary>Writes the page.</summary>
    /// <exception cref="Proto.AtlException">It cannot be written.</exception>
    public void Save() =>
        HtmlReport.Save(RunReport.Of(history,
            _verifications.Read(note => logger.Warning("live_report.cpp", $"{note}"))), page);

    private void SaveAfterPause()
    {
        if (_saved != 0 && Stopwatch.GetElapsedTime(_saved) < Pause) return;
        Save();
        _saved = Stopwatch.GetTimestamp();
    }
}
