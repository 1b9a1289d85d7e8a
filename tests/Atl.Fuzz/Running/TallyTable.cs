using System.Globalization;

namespace Atl.Fuzz.Running;

/// <summary>The table of a run: a line for each format.</summary>
internal static class TallyTable
{
    /// <summary>How many mutants of a hundred must pass the header, so that what is behind it is tried.</summary>
    public const double LeastDeep = 30;

    // Of fewer mutants a share says little.
    private const int EnoughMutants = 100;

    /// <summary>The names of the columns.</summary>
    public static string Header =>
        $"{"format",-14} {"corpus",6} {"mutants",8} {"header",7} {"exit 0",8} {"1",7} {"2",5} {"3",7} "
            + $"{"slowest",8} {"memory",9} {"faults",7}";

    /// <summary>A format's line.</summary>
    public static string Row(FormatTally tally) => string.Create(CultureInfo.InvariantCulture,
        $"{tally.Format,-14} {tally.Whole,6} {tally.Mutants,8} {tally.DeepPercent,6:F0}% "
        + $"{tally.Exits[0],8} {tally.Exits[1],7} {tally.Exits[2],5} "
        + $"{tally.Exits[3],7} {tally.Slowest,6:F1} s {tally.PeakBytes >> 20,5} MiB {tally.Faults.Values.Sum(),7}");

    /// <summary>Whether a format kept what is promised.</summary>
    public static bool IsGood(FormatTally tally) =>
        tally.Faults.Count == 0 && (tally.Mutants < EnoughMutants || tally.DeepPercent >= LeastDeep);
}
