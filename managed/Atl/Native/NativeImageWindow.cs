using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary><c>atl_image_window</c> of atl/image.h: the part of an image that is taken.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeImageWindow(long channels, long top, long left, long height, long width, bool mirror)
{
    public readonly long Channels = channels;
    public readonly long Top = top;
    public readonly long Left = left;
    public readonly long Height = height;
    public readonly long Width = width;
    public readonly int Mirror = mirror ? 1 : 0;
}
