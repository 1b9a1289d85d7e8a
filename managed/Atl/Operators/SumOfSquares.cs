using Atl.Devices;

namespace Atl.Operators;

/// <summary>The sum of squares of a tensor.</summary>
/// <param name="Count">The number of elements.</param>
public sealed record SumOfSquaresSpec(long Count) : OperatorSpec<SumOfSquares>;

/// <summary>Σ x², in double precision and in an order that does not depend on the number of threads.</summary>
public abstract class SumOfSquares(Device device) : Operator(device)
{
    /// <summary>Σ x².</summary>
    public abstract double Compute(Tensor x);
}
