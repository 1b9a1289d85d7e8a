using Atl.Devices;
using Atl.Native;

namespace Atl.Operators;

/// <summary>The value of a window.</summary>
internal enum PoolingMethod
{
    /// <summary>Its largest value, the first of equals; −FLT_MAX where no value is larger (all are NaN).</summary>
    Max,

    /// <summary>The sum of its values divided by its area, padding included, clipped at the padded image's lower and
    /// right edge.</summary>
    Average,

    /// <summary>One of its values (taken to be 0 or more), drawn with a probability in proportion to it.</summary>
    Draw,

    /// <summary>Σ x² / Σ x, what <see cref="Draw"/> gives on average; 0 where Σ x is not positive.</summary>
    Expectation,
}

/// <summary>Height and width of something.</summary>
/// <param name="Height">Along the rows' axis.</param>
/// <param name="Width">Along the columns' axis.</param>
internal readonly record struct Extent2D(int Height, int Width);

/// <summary>Pooling of N × C × height × width; all windows reach into the image.</summary>
/// <param name="Method">What becomes of a window.</param>
/// <param name="Input">The shape of x.</param>
/// <param name="Output">The shape of y.</param>
/// <param name="Kernel">The window's extent.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Pad">How far the first window begins outside the image.</param>
internal sealed record PoolingSpec(PoolingMethod Method, Shape Input, Shape Output, Extent2D Kernel, Extent2D Stride,
    Extent2D Pad) : OperatorSpec<Pooling>
{
    /// <summary>The pooling as the native library takes it, for arrays in a layout.</summary>
    internal NativePooling Describe(Layout layout) => new()
    {
        N = Input[0],
        Channels = Input[1],
        Height = Input[2],
        Width = Input[3],
        OutHeight = Output[2],
        OutWidth = Output[3],
        KernelH = Kernel.Height,
        KernelW = Kernel.Width,
        StrideH = Stride.Height,
        StrideW = Stride.Width,
        PadH = Pad.Height,
        PadW = Pad.Width,
        Layout = layout,
    };
}

/// <summary>Pooling over windows of the two spatial axes, on whatever layout x lies in.</summary>
internal abstract class Pooling(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    /// <param name="mask">Receives where each maximum lies, row·width + column (−1: nowhere); null: not wanted. Max
    /// only.</param>
    /// <param name="draws">What <see cref="PoolingMethod.Draw"/> draws from, one word for each element of y; advanced
    /// by it.</param>
    /// <param name="keepPlaces">Whether <see cref="Backward"/> may follow, so that it must be remembered where each
    /// value came from.</param>
    public abstract void Forward(Tensor x, Tensor y, Tensor? mask, RandomStream? draws, bool keepPlaces);

    /// <summary>Computes dx from dy; x and y are those of the last forward.</summary>
    public abstract void Backward(Tensor x, Tensor y, Tensor dy, Tensor dx);
}
