using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary><c>atl_image_layout</c> of atl/image.h: the steps, in elements, from channel to channel, row to row and column to column.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeImageLayout(long channelStride, long rowStride, long columnStride)
{
    public readonly long ChannelStride = channelStride;
    public readonly long RowStride = rowStride;
    public readonly long ColumnStride = columnStride;
}
