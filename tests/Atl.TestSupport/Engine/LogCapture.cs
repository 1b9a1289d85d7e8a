using Microsoft.Extensions.Logging;

namespace Atl.TestSupport;

/// <summary>A logger that collects the lines of all levels, each as <c>W solver.cpp:204] text</c>.</summary>
public sealed class LogCapture : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Severity, string Line)> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<(LogLevel Severity, string Line)> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    /// <summary>The warnings so far.</summary>
    public IEnumerable<string> Warnings => Lines.Where(entry => entry.Severity == LogLevel.Warning)
        .Select(entry => entry.Line);

    /// <summary>Called with every line when it comes.</summary>
    public Action<string>? OnLine { get; set; }

    /// <summary>The lines with a tag (solver.cpp), without their prefix.</summary>
    public IReadOnlyList<string> Of(string tag) =>
        [.. Lines.Where(entry => entry.Line.Contains($" {tag}:", StringComparison.Ordinal))
            .Select(entry => entry.Line[(entry.Line.IndexOf("] ", StringComparison.Ordinal) + 2)..])];

    /// <summary>Forgets the lines so far.</summary>
    public void Clear()
    {
        lock (_gate) _lines.Clear();
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        foreach (string part in formatter(state, exception).Split('\n'))
        {
            string line = $"{logLevel.ToString()[0]} {eventId.Name}:{eventId.Id}] {part}";
            lock (_gate) _lines.Add((logLevel, line));
            OnLine?.Invoke(line);
        }
    }
}
