using Atl.Devices;

namespace Atl.Operators;

/// <summary>The sum of squares of tensors.</summary>
/// <param name="Count">The number of elements of all of them together.</param>
internal sealed record SumOfSquaresSpec(long Count) : OperatorSpec<SumOfSquares>;

/// <summary>Σ x², in double precision and in an order that does not depend on the number of threads.</summary>
internal abstract class SumOfSquares(Device device) : Operator(device)
{
    /// <summary>Σ x² over all elements of all tensors: together, so that a device is waited for once.</summary>
    public abstract double Compute(IReadOnlyList<Tensor> x);

    /// <summary>Refuses tensors of another count than the sum was made for.</summary>
    /// <exception cref="ShapeException">The count differs.</exception>
    protected static void CheckCount(SumOfSquaresSpec spec, IReadOnlyList<Tensor> x)
    {
        long found = x.Sum(tensor => tensor.Count);
        if (found != spec.Count) throw new ShapeException($"the sum was created for {spec.Count} elements, found "
            + $"{found}");
    }
}
