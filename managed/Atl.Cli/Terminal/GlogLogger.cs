using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Terminal;

/// <summary>
/// The program's log: in glog's form, on standard error, as scripts that read Caffe's logs expect it:
/// <c>I0210 13:39:22.381027 25210 solver.cpp:204] Iteration 0, loss = 2.3</c>. File and line are the name and the
/// number of a line's event. A line that cannot be written (standard error is closed, the disk is full) is dropped.
/// Any thread may log.
/// </summary>
internal sealed class GlogLogger : ILogger
{
    private readonly Lock _gate = new();

    /// <summary>Lines below this level are dropped.</summary>
    public LogLevel Minimum { get; set; } = LogLevel.Information;

    /// <summary>Takes every finished line (without line end) in place of standard error; null for standard
    /// error.</summary>
    public Action<string>? Output { get; set; }

    /// <summary>Drops lines below this level, too.</summary>
    public void RaiseMinimum(LogLevel least)
    {
        if (Minimum < least) Minimum = least;
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= Minimum && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string prefix = string.Create(
            CultureInfo.InvariantCulture,
            $"{Letter(logLevel)}{DateTime.Now:MMdd HH:mm:ss.ffffff} {Environment.ProcessId,5} "
                + $"{eventId.Name}:{eventId.Id}] ");
        lock (_gate)
        {
            foreach (string part in formatter(state, exception).Split('\n')) Write(prefix + part);
        }
    }

    private void Write(string line)
    {
        try
        {
            if (Output is { } output)
                output(line);
            else
                Console.Error.WriteLine(line);
        }
        catch (Exception)
        {
            // Whatever a console fails with: there is nowhere else to say it, and the work goes on.
        }
    }

    private static char Letter(LogLevel level) => level switch
    {
        LogLevel.Warning => 'W',
        LogLevel.Error or LogLevel.Critical => 'E',
        _ => 'I',
    };
}
