using System.Diagnostics;
using System.Globalization;

namespace Atl.Cli.Terminal;

/// <summary>The last line of a terminal, redrawn as work goes on and gone when it ends. Log lines appear above it.
/// Any thread may show and log.</summary>
internal sealed class TerminalLine : IDisposable
{
    private const string ClearLine = "\r\e[K";
    private const int LeastWidth = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly TextWriter _terminal;
    private readonly GlogLogger _log;
    private long _drawn;
    private string _line = "";

    private TerminalLine(TextWriter terminal, GlogLogger log) => (_terminal, _log) = (terminal, log);

    /// <summary>Starts a line where standard error is a terminal; null where it is not.</summary>
    /// <param name="log">The program's log, whose lines appear above it.</param>
    public static TerminalLine? Start(GlogLogger log)
    {
        if (Console.IsErrorRedirected) return null;
        TerminalLine line = new(Console.Error, log);
        log.Output = line.Write;
        return line;
    }

    /// <summary>
    /// Shows a text, cut to the terminal's width; ignored where the last one is younger than a tenth of a second. A
    /// text that cannot be made (a time left that is out of range) shows nothing.
    /// </summary>
    public void Show(Func<string> text)
    {
        lock (_gate)
        {
            if (_drawn != 0 && Stopwatch.GetElapsedTime(_drawn) < Interval) return;
            _drawn = Stopwatch.GetTimestamp();
            try
            {
                _line = text();
            }
            catch (OverflowException)
            {
                _line = "";
            }
            int width = Math.Max(LeastWidth, WindowWidth() - 1);
            if (_line.Length > width) _line = _line[..width];
            _terminal.Write(ClearLine + _line);
        }
    }

    public void Dispose()
    {
        _log.Output = null;
        lock (_gate)
            if (_line.Length > 0)
                _terminal.Write(ClearLine);
    }

    /// <summary>A duration in the unit that suits it: seconds, minutes, or hours and minutes.</summary>
    internal static string Duration(TimeSpan time) => time.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : time.TotalMinutes < 100 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or InvalidOperationException)
        {
            // The terminal has gone.
            return 80;
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_line.Length > 0) _terminal.Write(ClearLine);
            _terminal.WriteLine(line);
            if (_line.Length > 0) _terminal.Write(_line);
        }
    }
}
