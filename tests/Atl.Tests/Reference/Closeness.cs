using System.Globalization;

namespace Atl.Tests.Reference;

/// <summary>Compares values with the recorded ones: within relative·|expected| + absolute·(the largest |expected|, or a
/// floor).</summary>
internal static class Closeness
{
    /// <summary>Null where all values are close, else the worst one.</summary>
    public static string? Difference(ReadOnlySpan<float> found, ReadOnlySpan<float> expected, double relative,
        double absolute, double floor)
    {
        if (found.Length != expected.Length) return $"{found.Length} values, expected {expected.Length}";
        double largest = floor;
        foreach (float value in expected) largest = Math.Max(largest, Math.Abs(value));
        int worst = -1;
        double excess = 1;
        for (int i = 0; i < found.Length; i++)
        {
            double difference = found[i].Equals(expected[i]) ? 0 : Math.Abs((double)found[i] - expected[i]);
            double ratio = difference / (relative * Math.Abs(expected[i]) + absolute * largest);
            if (difference != 0 && !(ratio <= excess))
            {
                worst = i;
                excess = ratio;
                if (double.IsNaN(ratio)) break;
            }
        }
        return worst < 0
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"[{worst}] is {found[worst]:G9}, expected {expected[worst]:G9}, {excess:G3} × the tolerance");
    }
}
