using Microsoft.Extensions.Logging;

namespace Atl.Logging;

/// <summary>
/// The severity of a log line as a type, for which a <see cref="LogLine{TSeverity}"/> asks its logger.
/// </summary>
internal interface ILogSeverity
{
    /// <summary>The level.</summary>
    static abstract LogLevel Level { get; }
}
