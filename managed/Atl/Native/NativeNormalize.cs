using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

/// <summary><c>atl_normalize</c> of atl/normalize.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeNormalize(NormalizeSpec spec, Layout layout)
{
    public readonly long N = spec.Samples;
    public readonly long C = spec.Channels;
    public readonly long Spatial = spec.Spatial;
    public readonly Layout Layout = layout;
    public readonly NormalizeScale Scale = spec.Scale;
    public readonly int AcrossSpatial = spec.AcrossSpatial ? 1 : 0;
    public readonly float Eps = spec.Eps;
    public readonly NormalizeNorm Norm = spec.Norm;
    public readonly int FixGradient = spec.FixGradient ? 1 : 0;
}
