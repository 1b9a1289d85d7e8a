using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/accuracy.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_accuracy")]
    internal static partial Status Accuracy(
        long outer, long channels, long inner, long topK, int hasIgnored, int ignored, nint x, nint labels, nint accuracy, nint perClass);
}
