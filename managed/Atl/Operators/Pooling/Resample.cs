using Atl.Devices;

namespace Atl.Operators;

/// <summary>
/// The interpolation of a resized image; the values are those of <c>atl_resample_method</c> in atl/resample.h.
/// </summary>
internal enum ResampleMethod
{
    /// <summary>Row ⌊i·height / outHeight⌋.</summary>
    Nearest = 0,

    /// <summary>Between the rows around i·(height − 1) / (outHeight − 1): corners meet corners.</summary>
    Bilinear = 1,
}

/// <summary>Images, N × C × height × width, of another size.</summary>
/// <param name="Method">How pixels are made.</param>
/// <param name="Input">The shape of x.</param>
/// <param name="CropBegin">The rows and columns of x that are skipped at the beginning.</param>
/// <param name="CropEnd">The rows and columns of x that are skipped at the end.</param>
/// <param name="Output">The extent of y.</param>
internal sealed record ResampleSpec(ResampleMethod Method, Shape Input, int CropBegin, int CropEnd, Extent2D Output)
    : OperatorSpec<Resample>;

/// <summary>y is x, or a window of it, brought to another size, on whatever layout x lies in.</summary>
internal abstract class Resample(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>Computes dx from dy.</summary>
    public abstract void Backward(Tensor dy, Tensor dx);
}
