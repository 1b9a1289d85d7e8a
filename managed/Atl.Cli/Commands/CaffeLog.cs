using System.Runtime.CompilerServices;
using Atl.Logging;

namespace Atl.Cli.Commands;

/// <summary>Log lines of the commands, which in Caffe come from caffe.cpp.</summary>
internal static class CaffeLog
{
    public static void Info(string message, [CallerLineNumber] int line = 0) => Log.Info(message, "caffe.cs", line);

    public static void Warning(string message, [CallerLineNumber] int line = 0) =>
        Log.Warning(message, "caffe.cs", line);
}
