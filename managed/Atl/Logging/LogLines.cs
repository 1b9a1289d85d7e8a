using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Atl.Logging;

/// <summary>
/// Writes lines to the logger that was passed in (<see cref="NetOptions.Logger"/>,
/// <see cref="Solvers.SolverOptions.Logger"/>). The name of a line's event is its tag, spelled as Caffe's source files
/// (<c>solver.cpp</c>), by which scripts that read Caffe's logs find lines. The event's id is the line in Atl's source
/// and changes between versions.
/// </summary>
/// <remarks>
/// A line costs nothing if the logger does not want it (<see cref="LogLine{TSeverity}"/>). If the logger throws, the
/// exception is dropped with the line, so that a log never ends training. All members are thread-safe if the logger is;
/// threads that read data ahead log, too.
/// </remarks>
internal static class LogLines
{
    /// <summary>Something that happened.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="tag">The tag, such as <c>solver.cpp</c>.</param>
    /// <param name="text">The text, an interpolated string.</param>
    /// <param name="line">The line of the source; leave it to the compiler.</param>
    public static void Info(this ILogger logger, string tag,
        [InterpolatedStringHandlerArgument(nameof(logger))] ref LogLine<LogSeverity.Info> text,
        [CallerLineNumber] int line = 0) => Write(logger, tag, ref text, line);

    /// <summary>Something the user should look at.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="tag">The tag, such as <c>solver.cpp</c>.</param>
    /// <param name="text">The text, an interpolated string.</param>
    /// <param name="line">The line of the source; leave it to the compiler.</param>
    public static void Warning(this ILogger logger, string tag,
        [InterpolatedStringHandlerArgument(nameof(logger))] ref LogLine<LogSeverity.Warning> text,
        [CallerLineNumber] int line = 0) => Write(logger, tag, ref text, line);

    /// <summary>Something that failed while the work goes on.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="tag">The tag, such as <c>solver.cpp</c>.</param>
    /// <param name="text">The text, an interpolated string.</param>
    /// <param name="line">The line of the source; leave it to the compiler.</param>
    public static void Error(this ILogger logger, string tag,
        [InterpolatedStringHandlerArgument(nameof(logger))] ref LogLine<LogSeverity.Error> text,
        [CallerLineNumber] int line = 0) => Write(logger, tag, ref text, line);

    /// <summary>Whether a logger wants lines of a severity; one that cannot tell does not.</summary>
    internal static bool IsWanted<TSeverity>(ILogger logger)
        where TSeverity : struct, ILogSeverity
    {
        try
        {
            return logger.IsEnabled(TSeverity.Level);
        }
        catch (Exception)
        {
            // Whatever a logger fails with: there is nowhere else to say it, and the work goes on.
            return false;
        }
    }

    private static void Write<TSeverity>(ILogger logger, string tag, ref LogLine<TSeverity> line, int number)
        where TSeverity : struct, ILogSeverity
    {
        if (line.Take() is not { } text) return;
        try
        {
            logger.Log(TSeverity.Level, new EventId(number, tag), text, null, static (message, _) => message);
        }
        catch (Exception)
        {
            // Whatever a logger fails with: there is nowhere else to say it, and the work goes on.
        }
    }
}
