using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

/// <summary>Losses over labels as the native library reads them.</summary>
internal static class LabelLosses
{
    /// <summary>
    /// Describes the scores and labels of a loss along an axis, in a layout that <see cref="AxisView.LayoutFor"/> gave.
    /// </summary>
    public static NativeLabelLoss Describe(Shape scores, int axis, Layout layout, LossNormalization normalization,
        int? ignored)
    {
        AxisView view = AxisView.Of(scores, axis, layout);
        return new NativeLabelLoss
        {
            Outer = view.Outer,
            Channels = view.Channels,
            Inner = view.Inner,
            Batch = scores.CountOf(0, axis),
            Normalization = normalization,
            HasIgnored = ignored.HasValue ? 1 : 0,
            Ignored = ignored ?? 0,
        };
    }
}
