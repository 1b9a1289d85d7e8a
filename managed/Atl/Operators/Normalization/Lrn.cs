using Atl.Devices;
using Atl.Native;

namespace Atl.Operators;

/// <summary>Local response normalization of a shape.</summary>
/// <param name="Shape">The shape N × C × H × W of x and y.</param>
/// <param name="Within">Whether the window spans Size × Size places of one channel rather than Size channels of one
/// place.</param>
/// <param name="Size">The window's odd size.</param>
/// <param name="Alpha">The weight of the mean square.</param>
/// <param name="Beta">The exponent.</param>
/// <param name="K">The constant term; 1 within a channel.</param>
internal sealed record LrnSpec(Shape Shape, bool Within, int Size, float Alpha, float Beta, float K) : OperatorSpec<Lrn>
{
    /// <summary>The window's odd size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is even or negative.</exception>
    public int Size { get; init => field = Odd(value); } = Odd(Size);

    /// <summary>The normalization as the native library takes it, for arrays in a layout.</summary>
    internal NativeLrn Describe(Layout layout) => new()
    {
        N = Shape[0],
        Channels = Shape[1],
        Height = Shape[2],
        Width = Shape[3],
        Layout = layout,
        Within = Within ? 1 : 0,
        Size = Size,
        Alpha = Alpha,
        Beta = Beta,
        K = K,
    };

    private static int Odd(int size) =>
        size > 0 && size % 2 == 1
        ? size : throw new ArgumentOutOfRangeException(nameof(size), size, "expected an odd size");
}

/// <summary>
/// y = x·s^−beta with s = k + alpha·(mean of x² over a window around the element; what lies outside counts as 0), on
/// whatever layout x lies in. (Krizhevsky et al. 2012.)
/// </summary>
internal abstract class Lrn(Device device) : Operator(device)
{
    /// <summary>y from x; they are different tensors.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx from x and dy; dx may be dy.</summary>
    public abstract void Backward(Tensor x, Tensor dy, Tensor dx);
}
