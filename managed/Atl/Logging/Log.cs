using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Atl.Logging;

/// <summary>
/// The log in glog's form, on standard error, as scripts that read Caffe's logs expect it:
/// <c>I0210 13:39:22.381027 25210 solver.cpp:204] Iteration 0, loss = 2.3</c>. The file is the C# file's name in
/// Caffe's spelling (Solver.cs is written solver.cpp). A line that cannot be written (standard error is closed, the
/// disk is full) is dropped: the log never ends what it tells of.
/// </summary>
public static class Log
{
    private static readonly Lock Gate = new();
    private static readonly int ProcessId = Environment.ProcessId;

    /// <summary>Lines below this severity are dropped.</summary>
    public static LogSeverity Minimum { get; set; } = LogSeverity.Info;

    /// <summary>Receives every finished line (without line end) in place of standard error; null for standard
    /// error.</summary>
    public static Action<LogSeverity, string>? Sink { get; set; }

    /// <summary>Something that happened.</summary>
    public static void Info(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogSeverity.Info, message, file, line);

    /// <summary>Something the user should look at.</summary>
    public static void Warning(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogSeverity.Warning, message, file, line);

    /// <summary>Something that failed.</summary>
    public static void Error(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogSeverity.Error, message, file, line);

    private static void Write(LogSeverity severity, string message, string file, int line)
    {
        if (severity < Minimum) return;
        string prefix = string.Create(
            CultureInfo.InvariantCulture,
            $"{"IWE"[(int)severity]}{DateTime.Now:MMdd HH:mm:ss.ffffff} {ProcessId,5} {CaffeName(file)}:{line}] ");
        lock (Gate)
        {
            foreach (string part in message.Split('\n')) Write(severity, prefix + part);
        }
    }

    private static void Write(LogSeverity severity, string line)
    {
        try
        {
            if (Sink is { } sink)
                sink(severity, line);
            else
                Console.Error.WriteLine(line);
        }
        catch (Exception)
        {
            // Whatever a sink or a console fails with: there is nowhere else to say it, and the work goes on.
        }
    }

    /// <summary>MarginInnerProduct.cs becomes margin_inner_product.cpp.</summary>
    internal static string CaffeName(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path[(path.LastIndexOfAny(['/', '\\']) + 1)..]);
        StringBuilder snake = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i])
                && (char.IsAsciiLetterLower(name[i - 1])
                    || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]))))
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }
        return snake.Append(".cpp").ToString();
    }
}
