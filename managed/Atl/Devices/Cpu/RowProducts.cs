using Atl.Native;

namespace Atl.Devices.Cpu;

/// <summary>Products of every row of one matrix with every row of another, by the CPU operators' gemm and on their
/// threads.</summary>
internal static class RowProducts
{
    /// <summary>products[i, j] = Σ_k x[i, k] · y[j, k], row-major.</summary>
    /// <param name="x">Rows of <paramref name="length"/> values.</param>
    /// <param name="y">Rows of <paramref name="length"/> values.</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="products">Takes as many rows as <paramref name="x"/> has, each as long as <paramref name="y"/> has
    /// rows; overwritten.</param>
    /// <exception cref="ArgumentException">The lengths do not fit one another.</exception>
    public static unsafe void Compute(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int length, Span<float> products)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        (int m, int left) = Math.DivRem(x.Length, length);
        (int n, int over) = Math.DivRem(y.Length, length);
        if (left != 0 || over != 0)
            throw new ArgumentException($"{x.Length} and {y.Length} values are not complete rows of {length}");
        if (products.Length != (long)m * n)
            throw new ArgumentException($"{products.Length} products, expected {m} x {n}");
        if (m == 0 || n == 0) return;
        fixed (float* px = x, py = y, p = products)
            NativeMethods.Check(NativeMethods.InnerProductForward(m, n, length, 0, (nint)px, (nint)py, 0, (nint)p));
    }
}
