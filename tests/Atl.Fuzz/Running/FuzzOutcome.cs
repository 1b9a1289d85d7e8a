namespace Atl.Fuzz.Running;

/// <summary>How a case ended.</summary>
/// <param name="ExitCode">The highest of the exit codes.</param>
/// <param name="IsDeep">Whether the reader got beyond the header.</param>
/// <param name="Seconds">The slowest command's time.</param>
/// <param name="PeakBytes">The most memory that the process has held.</param>
/// <param name="Message">The last error.</param>
/// <param name="Faults">What it did that it must not.</param>
internal sealed record FuzzOutcome(
    int ExitCode, bool IsDeep, double Seconds, long PeakBytes, string Message, IReadOnlyList<Fault> Faults);
