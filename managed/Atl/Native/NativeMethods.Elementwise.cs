using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

// atl/elementwise.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_elementwise_forward")]
    internal static partial Status ElementwiseForward(ElementwiseFunction f, long count, float a, float b, float c, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_elementwise_backward")]
    internal static partial Status ElementwiseBackward(
        ElementwiseFunction f, long count, float a, float b, float c, nint x, nint y, nint dy, nint dx);
}
