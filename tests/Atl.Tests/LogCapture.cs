using Atl.Logging;

namespace Atl.Tests;

/// <summary>Collects the log's lines, of all severities, until it is disposed.</summary>
internal sealed class LogCapture : IDisposable
{
    private readonly LogSeverity _minimum = Log.Minimum;
    private readonly Action<LogSeverity, string>? _sink = Log.Sink;

    public LogCapture()
    {
        Log.Minimum = LogSeverity.Info;
        Log.Sink = (severity, line) => Lines.Add((severity, line));
    }

    public List<(LogSeverity Severity, string Line)> Lines { get; } = [];

    /// <summary>The lines of a source file (solver.cpp), without their prefix.</summary>
    public IReadOnlyList<string> Of(string file) =>
        [.. Lines.Where(entry => entry.Line.Contains($" {file}:", StringComparison.Ordinal))
            .Select(entry => entry.Line[(entry.Line.IndexOf("] ", StringComparison.Ordinal) + 2)..])];

    public void Dispose() => (Log.Minimum, Log.Sink) = (_minimum, _sink);
}
