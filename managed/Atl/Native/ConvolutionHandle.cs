using Microsoft.Win32.SafeHandles;

namespace Atl.Native;

/// <summary>An <c>atl_convolution</c> that is freed when nobody needs it any more.</summary>
internal sealed class ConvolutionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private static int _open;

    /// <summary>The number of open handles.</summary>
    public static int Open => Volatile.Read(ref _open);

    /// <summary>Counts a convolution that was made.</summary>
    public ConvolutionHandle Counted()
    {
        Interlocked.Increment(ref _open);
        return this;
    }

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref _open);
        return NativeMethods.ConvolutionFree(handle) == Status.Ok;
    }
}
