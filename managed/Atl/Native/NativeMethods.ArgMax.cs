using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/argmax.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_argmax")]
    internal static partial Status ArgMax(long outer, long channels, long inner, long top, long stride, nint x, nint indices, nint values);
}
