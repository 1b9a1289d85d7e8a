using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

// atl/reduction.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_reduction_forward")]
    internal static partial Status ReductionForward(ReductionKind what, long rows, long columns, float coefficient, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_reduction_backward")]
    internal static partial Status ReductionBackward(ReductionKind what, long rows, long columns, float coefficient, nint x, nint dy, nint dx);
}
