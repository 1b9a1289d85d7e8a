using Atl.Devices;

namespace Atl.Operators;

/// <summary>Dropout on a shape.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Ratio">The probability by which an element becomes 0; in [0, 1).</param>
internal sealed record DropoutSpec(Shape Shape, float Ratio) : OperatorSpec<Dropout>;

/// <summary>
/// y = m·x / (1 − ratio) with m = 0 with probability ratio, else 1 (Srivastava et al. 2014), on whatever layout x lies
/// in. Nothing is kept: the draws are found again from their place in the random stream, one word an element in plain
/// order, so the gradient is the same call on dy.
/// </summary>
internal abstract class Dropout(Device device) : Operator(device)
{
    /// <summary>y from x by the draws of the stream <paramref name="key"/> from <paramref name="position"/> on; y may
    /// be x.</summary>
    public abstract void Apply(Tensor x, Tensor y, ulong key, ulong position);
}
