using System.Diagnostics;
using System.Globalization;

namespace Atl.Cli.Terminal;

/// <summary>Shows how work on images goes in the last line of a terminal: how many are done, images a second, and the
/// time that is left.</summary>
/// <param name="what">What is done.</param>
/// <param name="total">How many images there are; null where that is not known before the end.</param>
/// <param name="log">The program's log.</param>
internal sealed class ProgressCount(string what, long? total, GlogLogger log) : IDisposable
{
    private readonly TerminalLine? _line = TerminalLine.Start(log);
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>Shows how many are done; may be called from many threads.</summary>
    public void Report(int done) => _line?.Show(() => Describe(what, done, total, Stopwatch.GetElapsedTime(_begun)));

    public void Dispose() => _line?.Dispose();

    /// <summary>The line's text.</summary>
    internal static string Describe(string what, int done, long? total, TimeSpan elapsed)
    {
        double rate = done / Math.Max(elapsed.TotalSeconds, 1e-9);
        if (total is null) return string.Create(CultureInfo.InvariantCulture, $"{what} {done}  {rate:G3} img/s");
        string left = done > 0 ? $"  {TerminalLine.Duration(elapsed / done * (total.Value - done))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{what} {done}/{total}  {rate:G3} img/s{left}");
    }
}
