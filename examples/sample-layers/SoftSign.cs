using Atl.Devices;
using Atl.Operators;

namespace Atl.SampleLayers;

/// <summary>The softsign of so many elements.</summary>
/// <param name="Count">The number of elements.</param>
public sealed record SoftSignSpec(long Count) : OperatorSpec<SoftSign>;

/// <summary>y = x / (1 + |x|) for each element.</summary>
public abstract class SoftSign(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = dy / (1 + |x|)².</summary>
    public abstract void Backward(Tensor x, Tensor dy, Tensor dx);
}
