using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/channel_scale.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_channel_scale_forward")]
    internal static partial Status ChannelScaleForward(long n, long c, long spatial, Layout layout, nint x, nint scale, nint y);

    [LibraryImport(Library, EntryPoint = "atl_channel_scale_backward_scale")]
    internal static partial Status ChannelScaleBackwardScale(long n, long c, long spatial, Layout layout, nint dy, nint x, nint dscale);
}
