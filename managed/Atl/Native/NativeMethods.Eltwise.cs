using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

// atl/eltwise.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_eltwise_forward")]
    internal static partial Status EltwiseForward(
        EltwiseOperation operation, long count, int inputs, ReadOnlySpan<nint> x, ReadOnlySpan<float> coefficients, nint y);

    [LibraryImport(Library, EntryPoint = "atl_eltwise_backward")]
    internal static partial Status EltwiseBackward(
        EltwiseOperation operation, long count, int inputs, ReadOnlySpan<nint> x, ReadOnlySpan<float> coefficients, int stable, nint y, nint dy,
        ReadOnlySpan<nint> dx);
}
