using Atl.Devices;

namespace Atl.Operators;

/// <summary>The larger of the halves of each row.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Half">The elements of half a row.</param>
internal sealed record MaxFeatureMapSpec(long Rows, long Half) : OperatorSpec<MaxFeatureMap>;

/// <summary>y[r, i] = max(x[r, i], x[r, Half + i]).</summary>
internal abstract class MaxFeatureMap(Device device) : Operator(device)
{
    /// <summary>Computes y, Rows × Half, from x, Rows × 2·Half.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx is dy where x is the larger, of equals in the second half, and 0 elsewhere.</summary>
    public abstract void Backward(Tensor x, Tensor dy, Tensor dx);
}
