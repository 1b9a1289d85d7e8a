using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

/// <summary><c>atl_roi_pooling</c> of atl/roi_pooling.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeRoiPooling(RoiPoolingSpec spec)
{
    public readonly long N = spec.Input[0];
    public readonly long C = spec.Input[1];
    public readonly long Height = spec.Input[2];
    public readonly long Width = spec.Input[3];
    public readonly long Rois = spec.Rois;
    public readonly long OutHeight = spec.Output.Height;
    public readonly long OutWidth = spec.Output.Width;
    public readonly float SpatialScale = spec.SpatialScale;
}
