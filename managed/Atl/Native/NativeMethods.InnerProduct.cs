using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/inner_product.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_inner_product_forward")]
    internal static partial Status InnerProductForward(long m, long n, long k, int transposed, nint x, nint w, nint bias, nint y);

    [LibraryImport(Library, EntryPoint = "atl_inner_product_backward_data")]
    internal static partial Status InnerProductBackwardData(long m, long n, long k, int transposed, nint dy, nint w, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_inner_product_backward_weights")]
    internal static partial Status InnerProductBackwardWeights(long m, long n, long k, int transposed, nint x, nint dy, nint dw, nint dbias);
}
