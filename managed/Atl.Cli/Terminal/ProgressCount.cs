using System.Diagnostics;
using System.Globalization;

namespace Atl.Cli.Terminal;

/// <summary>The last line of a terminal while images are worked on: how many are done, images a second, and the time that is left.</summary>
internal sealed class ProgressCount(string what, int total) : IDisposable
{
    private const string ClearLine = "\r\e[K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly bool _shown = !Console.IsErrorRedirected;
    private long _drawn;

    /// <summary>Shows how many are done; may be called from many threads.</summary>
    public void Report(int done)
    {
        if (!_shown) return;
        lock (_gate)
        {
            if (_drawn != 0 && Stopwatch.GetElapsedTime(_drawn) < Interval) return;
            _drawn = Stopwatch.GetTimestamp();
            Console.Error.Write(ClearLine + Describe(what, done, total, Stopwatch.GetElapsedTime(_begun)));
        }
    }

    public void Dispose()
    {
        lock (_gate)
            if (_drawn != 0)
                Console.Error.Write(ClearLine);
    }

    /// <summary>The line's text.</summary>
    internal static string Describe(string what, int done, int total, TimeSpan elapsed)
    {
        double rate = done / Math.Max(elapsed.TotalSeconds, 1e-9);
        return string.Create(CultureInfo.InvariantCulture, $"{what} {done}/{total}  {rate:G3} img/s  {(total - done) / Math.Max(rate, 1e-9):F0} s left");
    }
}
