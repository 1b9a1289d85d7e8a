using Atl.Devices;

namespace Atl.Operators;

/// <summary>A factor for each row, and a sum.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Size">The elements of a row.</param>
internal sealed record AxpySpec(long Rows, long Size) : OperatorSpec<Axpy>;

/// <summary>out[r, i] = a[r]·x[r, i] + y[r, i].</summary>
internal abstract class Axpy(Device device) : Operator(device)
{
    /// <summary>Computes out.</summary>
    public abstract void Forward(Tensor a, Tensor x, Tensor y, Tensor result);

    /// <summary>da[r] = Σᵢ dout[r, i]·x[r, i].</summary>
    public abstract void BackwardScale(Tensor dout, Tensor x, Tensor da);

    /// <summary>dx[r, i] = a[r]·dout[r, i].</summary>
    public abstract void Backward(Tensor dout, Tensor a, Tensor dx);
}
