namespace Atl.Logging;

/// <summary>How much a log line matters.</summary>
public enum LogSeverity
{
    /// <summary>Something that happened.</summary>
    Info = 0,

    /// <summary>Something the user should look at.</summary>
    Warning = 1,

    /// <summary>Something that failed.</summary>
    Error = 2,
}
