using System.Diagnostics;
using System.Globalization;
using System.Text;
using Atl.Logging;
using Atl.Solvers;

namespace Atl.Cli.Terminal;

/// <summary>
/// The last line of a terminal while a solver runs: how far it is, images a second, loss, λ, and the time that is left. Log lines appear above it.
/// </summary>
internal sealed class ProgressLine : ISolverObserver, IDisposable
{
    private const string ClearLine = "\r\e[K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly TextWriter _terminal;
    private long _drawn;
    private long _begun;
    private int _first = -1;
    private string _line = "";

    private ProgressLine(TextWriter terminal) => _terminal = terminal;

    /// <summary>Starts a line where standard error is a terminal; null where it is not.</summary>
    public static ProgressLine? Start()
    {
        if (Console.IsErrorRedirected) return null;
        ProgressLine line = new(Console.Error);
        Log.Sink = line.Write;
        return line;
    }

    public void OnIteration(Solver solver, SolverProgress progress)
    {
        if (_first < 0) (_first, _begun) = (progress.Iteration, Stopwatch.GetTimestamp());
        if (_drawn != 0 && Stopwatch.GetElapsedTime(_drawn) < Interval) return;
        _drawn = Stopwatch.GetTimestamp();
        int done = progress.Iteration - _first;
        TimeSpan? left = done > 0 ? Stopwatch.GetElapsedTime(_begun) / done * (progress.MaxIterations - progress.Iteration - 1) : null;
        lock (_gate)
        {
            _line = Describe(progress, left);
            int width = Math.Max(20, WindowWidth() - 1);
            _terminal.Write(ClearLine + (_line.Length > width ? _line[..width] : _line));
        }
    }

    public void Dispose()
    {
        Log.Sink = null;
        lock (_gate)
            if (_line.Length > 0)
                _terminal.Write(ClearLine);
    }

    /// <summary>The line's text.</summary>
    internal static string Describe(SolverProgress progress, TimeSpan? left)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"iteration {progress.Iteration + 1}/{progress.MaxIterations}");
        text.Append(CultureInfo.InvariantCulture, $"  {progress.ImagesPerSecond:G4} img/s  loss {progress.SmoothedLoss:G4}");
        if (progress.Lambda is { } lambda) text.Append(CultureInfo.InvariantCulture, $"  λ {lambda:G4}");
        text.Append(CultureInfo.InvariantCulture, $"  lr {progress.LearningRate:G3}");
        if (left is { } time) text.Append(CultureInfo.InvariantCulture, $"  {Duration(time)} left");
        return text.ToString();
    }

    private static string Duration(TimeSpan time) => time.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : time.TotalMinutes < 100 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    private void Write(LogSeverity severity, string line)
    {
        lock (_gate)
        {
            if (_line.Length > 0) _terminal.Write(ClearLine);
            _terminal.WriteLine(line);
            if (_line.Length > 0) _terminal.Write(_line);
        }
    }
}
