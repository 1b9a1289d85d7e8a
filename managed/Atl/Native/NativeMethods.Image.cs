using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/image.h
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_image_to_planes_u8")]
    internal static partial Status ImageToPlanesU8(
        byte* pixels, in ImageLayout layout, float* mean, in ImageLayout meanLayout, in ImageWindow window, float scale, float* y);

    [LibraryImport(Library, EntryPoint = "atl_image_to_planes_f32")]
    internal static partial Status ImageToPlanesF32(
        float* pixels, in ImageLayout layout, float* mean, in ImageLayout meanLayout, in ImageWindow window, float scale, float* y);

    /// <summary>atl_image_layout: the steps, in elements, from channel to channel, row to row and column to column.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct ImageLayout(long ChannelStride, long RowStride, long ColumnStride);

    /// <summary>atl_image_window: the part of an image that is taken.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct ImageWindow(long Channels, long Top, long Left, long Height, long Width, int Mirror);
}
