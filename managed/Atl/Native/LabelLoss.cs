using Atl.Operators;
using System.Runtime.InteropServices;
using Atl.Devices.Cpu;

namespace Atl.Native;

/// <summary><c>atl_label_loss</c> of atl/loss.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LabelLoss
{
    public long Outer;
    public long Channels;
    public long Inner;
    public long Batch;
    public LossNormalization Normalization;
    public int HasIgnored;
    public int Ignored;

    /// <summary>The scores and labels of a loss along an axis, in a layout that <see cref="AxisView.LayoutFor"/> gave.</summary>
    public static LabelLoss Of(Shape scores, int axis, Layout layout, LossNormalization normalization, int? ignored)
    {
        AxisView view = AxisView.Of(scores, axis, layout);
        return new LabelLoss
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
