using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/roi_pooling.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_roi_pooling_forward")]
    internal static partial Status RoiPoolingForward(in NativeRoiPooling pooling, nint x, nint boxes, nint y, nint places);

    [LibraryImport(Library, EntryPoint = "atl_roi_pooling_backward")]
    internal static partial Status RoiPoolingBackward(in NativeRoiPooling pooling, nint dy, nint boxes, nint places, nint dx);
}
