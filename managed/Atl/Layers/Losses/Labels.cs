using System.Globalization;

namespace Atl.Layers;

/// <summary>Checks labels before an operator uses them as indices.</summary>
internal static class Labels
{
    /// <summary>
    /// The fault of the first label that is neither a whole number in [0, classes) nor the ignored label; null if all
    /// are valid.
    /// </summary>
    /// <param name="labels">The labels, as floats; a fraction is cut off, as in Caffe.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="ignored">The label that does not count.</param>
    /// <param name="perSample">How many labels belong to one sample.</param>
    public static string? FindFault(ReadOnlySpan<float> labels, long classes, int? ignored, long perSample)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            float label = labels[i];
            if (label > -1 && label < classes) continue;
            if (label is > int.MinValue and < 2147483648f && (int)label == ignored) continue;
            string place = perSample > 1 ? $"the label at position {i % perSample} of sample {i / perSample}"
                : $"the label of sample {i}";
            string except = ignored is null
                ? "" : string.Create(CultureInfo.InvariantCulture, $", or {ignored} (ignore_label)");
            return string.Create(CultureInfo.InvariantCulture,
                $"{place} is {label}, expected 0..{classes - 1} for {classes} classes{except}");
        }
        return null;
    }
}
