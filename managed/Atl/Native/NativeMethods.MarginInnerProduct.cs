using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/margin_inner_product.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_margin_lambda")]
    internal static partial Status MarginLambda(float @base, float gamma, float power, float lambdaMin, long t, out float lambda);

    [LibraryImport(Library, EntryPoint = "atl_margin_forward")]
    internal static partial Status MarginForward(in NativeMargin margin, float lambda, nint x, nint label, nint w, nint logits, nint state);

    [LibraryImport(Library, EntryPoint = "atl_margin_backward")]
    internal static partial Status MarginBackward(
        in NativeMargin margin, float lambda, nint x, nint label, nint w, nint state, nint dlogits, nint dx, nint dw);

    [LibraryImport(Library, EntryPoint = "atl_margin_replace_rows")]
    internal static partial Status MarginReplaceRows(long m, long n, long k, nint x, nint label, ulong key, ulong position, nint w);
}
