using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

/// <summary><c>atl_resample</c> of atl/resample.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeResample(ResampleSpec spec, Layout layout)
{
    public readonly long N = spec.Input[0];
    public readonly long C = spec.Input[1];
    public readonly long InHeight = spec.Input[2];
    public readonly long InWidth = spec.Input[3];
    public readonly long Top = spec.CropBegin;
    public readonly long Left = spec.CropBegin;
    public readonly long Height = spec.Input[2] - spec.CropBegin - spec.CropEnd;
    public readonly long Width = spec.Input[3] - spec.CropBegin - spec.CropEnd;
    public readonly long OutHeight = spec.Output.Height;
    public readonly long OutWidth = spec.Output.Width;
    public readonly Layout Layout = layout;
    public readonly ResampleMethod Method = spec.Method;
}
