using System.Text.Json;

namespace Atl.Benchmarks;

/// <summary>What the command line and the output need.</summary>
internal static class Options
{
    /// <summary>How often a step is timed; null for each benchmark's own number.</summary>
    public static int? Rounds { get; set; }

    /// <summary>How results are written.</summary>
    public static JsonSerializerOptions Json { get; } = new() { WriteIndented = true };
}
