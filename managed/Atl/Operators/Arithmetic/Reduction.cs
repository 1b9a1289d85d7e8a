using Atl.Devices;

namespace Atl.Operators;

/// <summary>The terms that are summed; the values are those of <c>atl_reduction</c> in atl/reduction.h.</summary>
internal enum ReductionKind
{
    /// <summary>The values.</summary>
    Sum = 1,

    /// <summary>Their absolute values.</summary>
    Asum = 2,

    /// <summary>Their squares.</summary>
    Sumsq = 3,
}

/// <summary>Sums over the rows of a matrix.</summary>
/// <param name="Kind">What is summed.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The elements of a row.</param>
/// <param name="Coefficient">What each sum is multiplied by.</param>
internal sealed record ReductionSpec(ReductionKind Kind, long Rows, long Columns, float Coefficient)
    : OperatorSpec<Reduction>;

/// <summary>y_r = coefficient·Σ f(x_ri), where f is the identity, the absolute value or the square.</summary>
internal abstract class Reduction(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = dy_r·coefficient·f′(x).</summary>
    public abstract void Backward(Tensor x, Tensor dy, Tensor dx);
}
