using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/detection.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_detection_forward")]
    internal static partial Status DetectionForward(
        in NativeDetection detection, nint loc, nint conf, nint prior, long capacity, Span<float> rows, out long count);
}
