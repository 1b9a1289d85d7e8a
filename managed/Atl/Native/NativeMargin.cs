using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary><c>atl_margin</c> of atl/margin_inner_product.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeMargin(long m, long n, long k, int type, bool exactGradient, bool semihard)
{
    public readonly long M = m;
    public readonly long N = n;
    public readonly long K = k;
    public readonly int Type = type;
    public readonly int ExactGradient = exactGradient ? 1 : 0;
    public readonly int Semihard = semihard ? 1 : 0;
}
