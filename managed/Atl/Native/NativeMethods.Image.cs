using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/image.h
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_image_to_planes_u8")]
    internal static partial Status ImageToPlanesU8(
        byte* pixels, in NativeImageLayout layout, float* mean, in NativeImageLayout meanLayout, in NativeImageWindow window, float scale, float* y);

    [LibraryImport(Library, EntryPoint = "atl_image_to_planes_f32")]
    internal static partial Status ImageToPlanesF32(
        float* pixels, in NativeImageLayout layout, float* mean, in NativeImageLayout meanLayout, in NativeImageWindow window, float scale, float* y);
}
