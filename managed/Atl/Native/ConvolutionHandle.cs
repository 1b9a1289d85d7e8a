using Microsoft.Win32.SafeHandles;

namespace Atl.Native;

/// <summary>An <c>atl_convolution</c> that is freed when nobody needs it any more.</summary>
internal sealed class ConvolutionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.ConvolutionFree(handle) == Status.Ok;
}
