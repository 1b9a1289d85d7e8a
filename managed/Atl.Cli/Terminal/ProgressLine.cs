using System.Diagnostics;
using System.Globalization;
using System.Text;
using Atl.Solvers;

namespace Atl.Cli.Terminal;

/// <summary>Shows how a solver goes in the last line of a terminal: how far it is, images a second, loss, λ, and the
/// time that is left.</summary>
internal sealed class ProgressLine : ISolverObserver, IDisposable
{
    private readonly TerminalLine _line;
    private long _begun;
    private int _first = -1;

    private ProgressLine(TerminalLine line) => _line = line;

    /// <summary>Starts a line where standard error is a terminal; null where it is not.</summary>
    public static ProgressLine? Start(GlogLogger log) => TerminalLine.Start(log) is { } line ? new ProgressLine(line)
        : null;

    public void OnIteration(Solver solver, SolverProgress progress)
    {
        if (_first < 0) (_first, _begun) = (progress.Iteration, Stopwatch.GetTimestamp());
        int done = progress.Iteration - _first;
        TimeSpan? left = done > 0
            ? Stopwatch.GetElapsedTime(_begun) / done * (progress.MaxIterations - progress.Iteration - 1) : null;
        _line.Show(() => Describe(progress, left));
    }

    public void Dispose() => _line.Dispose();

    /// <summary>The line's text.</summary>
    internal static string Describe(SolverProgress progress, TimeSpan? left)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"iteration {progress.Iteration + 1}/{progress.MaxIterations}");
        text.Append(CultureInfo.InvariantCulture,
            $"  {progress.ImagesPerSecond:G4} img/s  loss {progress.SmoothedLoss:G4}");
        if (progress.Lambda is { } lambda) text.Append(CultureInfo.InvariantCulture, $"  λ {lambda:G4}");
        text.Append(CultureInfo.InvariantCulture, $"  lr {progress.LearningRate:G3}");
        if (left is { } time) text.Append(CultureInfo.InvariantCulture, $"  {TerminalLine.Duration(time)} left");
        return text.ToString();
    }
}
