using System.Runtime.CompilerServices;
using Atl.Logging;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>Log lines of the commands, which in Caffe come from caffe.cpp.</summary>
internal static class CaffeLog
{
    private const string Tag = "caffe.cpp";

    public static void Info(this ILogger log,
        [InterpolatedStringHandlerArgument(nameof(log))] ref LogLine<LogSeverity.Info> text,
        [CallerLineNumber] int line = 0) => log.Info(Tag, ref text, line);

    public static void Warning(this ILogger log,
        [InterpolatedStringHandlerArgument(nameof(log))] ref LogLine<LogSeverity.Warning> text,
        [CallerLineNumber] int line = 0) => log.Warning(Tag, ref text, line);
}
