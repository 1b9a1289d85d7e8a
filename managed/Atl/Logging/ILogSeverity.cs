using Microsoft.Extensions.Logging;

namespace Atl.Logging;

/// <summary>How much a log line matters, as a type: what a <see cref="LogLine{TSeverity}"/> asks its logger
/// for.</summary>
internal interface ILogSeverity
{
    /// <summary>The level.</summary>
    static abstract LogLevel Level { get; }
}
