namespace Atl.Face.Verification;

/// <summary>Counts of angles from 0° to 180°, three degrees a bin.</summary>
internal static class AngleHistogram
{
    /// <summary>The number of bins.</summary>
    public const int Bins = 60;

    /// <summary>The width of a bin in degrees.</summary>
    public const double Width = 180.0 / Bins;

    /// <summary>The angle of a cosine in degrees; cosines beyond ±1 are rounding.</summary>
    public static double Degrees(double cosine) => Math.Acos(Math.Clamp(cosine, -1, 1)) * (180 / Math.PI);

    /// <summary>Counts angles in degrees; NaN is left out.</summary>
    public static long[] Count(IEnumerable<double> degrees)
    {
        long[] counts = new long[Bins];
        foreach (double angle in degrees)
            if (!double.IsNaN(angle))
                counts[BinOf(angle)]++;
        return counts;
    }

    /// <summary>The fault of counts that were read; null if there is none.</summary>
    internal static string? Fault(IReadOnlyList<long> counts) =>
        counts.Count != Bins ? $"{counts.Count} counts of angles, expected {Bins}"
        : counts.Any(count => count < 0) ? "a negative count of angles" : null;

    /// <summary>The bin of an angle in degrees.</summary>
    public static int BinOf(double degrees) => Math.Clamp((int)(degrees / Width), 0, Bins - 1);
}
