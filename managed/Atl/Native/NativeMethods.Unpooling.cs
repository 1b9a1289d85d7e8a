using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/unpooling.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_unpooling_forward")]
    internal static partial Status UnpoolingForward(in NativeUnpooling unpooling, nint x, nint mask, nint y);

    [LibraryImport(Library, EntryPoint = "atl_unpooling_backward")]
    internal static partial Status UnpoolingBackward(in NativeUnpooling unpooling, nint dy, nint mask, nint dx);
}
