using Atl.Devices;

namespace Atl.Operators;

/// <summary>A sum of tensors.</summary>
/// <param name="Count">The number of elements of each.</param>
internal sealed record SumSpec(long Count) : OperatorSpec<Sum>;

/// <summary>y = x₀ + x₁ + …, element by element in this order; no x at all gives zeros.</summary>
internal abstract class Sum(Device device) : Operator(device)
{
    /// <summary>y = Σ x; y may be one of the x.</summary>
    public abstract void Forward(IReadOnlyList<Tensor> x, Tensor y);
}
