using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

/// <summary><c>atl_unpooling</c> of atl/unpooling.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeUnpooling(UnpoolingSpec spec, Layout layout)
{
    public readonly long N = spec.Input[0];
    public readonly long C = spec.Input[1];
    public readonly long Pixels = spec.Input.CountFrom(2);
    public readonly long OutPixels = (long)spec.Output.Height * spec.Output.Width;
    public readonly Layout Layout = layout;
}
