using Atl.Face.Faces;

namespace Atl.Face.Detection;

/// <summary>Non-maximum suppression: of boxes that overlap too much, only the one of the highest score stays.</summary>
internal static class BoxSuppression
{
    /// <summary>The items that stay, by falling score; of equal scores the earlier one comes first.</summary>
    /// <param name="items">What has boxes.</param>
    /// <param name="box">The box of an item.</param>
    /// <param name="score">The score of an item.</param>
    /// <param name="threshold">Two boxes overlap too much when their common area over the measured one is
    /// larger.</param>
    /// <param name="measure">The measured area.</param>
    public static List<T> Apply<T>(IReadOnlyList<T> items, Func<T, FaceBox> box, Func<T, float> score, float threshold,
        OverlapMeasure measure)
    {
        T[] sorted = [.. items.OrderByDescending(score)];
        FaceBox[] boxes = [.. sorted.Select(box)];
        bool[] suppressed = new bool[sorted.Length];
        List<T> kept = [];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (suppressed[i]) continue;
            kept.Add(sorted[i]);
            for (int j = i + 1; j < sorted.Length; j++)
                suppressed[j] = suppressed[j] || Overlap(boxes[i], boxes[j], measure) > threshold;
        }
        return kept;
    }

    /// <summary>The common area of two boxes over the measured one; 0 where they do not meet.</summary>
    public static float Overlap(FaceBox first, FaceBox second, OverlapMeasure measure)
    {
        FaceBox common = first.Intersect(second);
        if (common.Width <= 0 || common.Height <= 0) return 0;
        return common.Area / (measure == OverlapMeasure.Min ? Math.Min(first.Area, second.Area)
            : first.Area + second.Area - common.Area);
    }
}
