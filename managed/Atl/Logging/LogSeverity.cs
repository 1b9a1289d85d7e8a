using Microsoft.Extensions.Logging;

namespace Atl.Logging;

/// <summary>The severities of Atl's log lines.</summary>
internal static class LogSeverity
{
    /// <summary>Something that happened.</summary>
    public readonly record struct Info : ILogSeverity
    {
        /// <inheritdoc/>
        public static LogLevel Level => LogLevel.Information;
    }

    /// <summary>Something the user should look at.</summary>
    public readonly record struct Warning : ILogSeverity
    {
        /// <inheritdoc/>
        public static LogLevel Level => LogLevel.Warning;
    }

    /// <summary>Something that failed while the work goes on.</summary>
    public readonly record struct Error : ILogSeverity
    {
        /// <inheritdoc/>
        public static LogLevel Level => LogLevel.Error;
    }
}
