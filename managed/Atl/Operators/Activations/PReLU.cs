using Atl.Devices;

namespace Atl.Operators;

/// <summary>PReLU of a shape.</summary>
/// <param name="Shape">The shape N × C × spatial of x and y.</param>
/// <param name="Shared">Whether one slope serves all channels.</param>
internal sealed record PReLUSpec(Shape Shape, bool Shared) : OperatorSpec<PReLU>;

/// <summary>y = x &gt; 0 ? x : slope_c·x, where c is the element's channel (He et al. 2015), on whatever layout x lies
/// in.</summary>
internal abstract class PReLU(Device device) : Operator(device)
{
    /// <summary>
    /// Whether forward keeps the x that it overwrites, so that backward does not read y in its place.
    /// </summary>
    public virtual bool KeepsInput => false;

    /// <summary>y = PReLU(x); y may be x.</summary>
    /// <param name="x">The input.</param>
    /// <param name="slope">One slope a channel, or one for all.</param>
    /// <param name="y">The output.</param>
    /// <param name="forBackward">Whether backward may follow; only then is anything of an overwritten x kept.</param>
    public abstract void Forward(Tensor x, Tensor slope, Tensor y, bool forBackward);

    /// <summary>
    /// dx = dy·(x &gt; 0 ? 1 : slope_c), dslope_c += Σ dy·x over the elements with x ≤ 0. Either may be null; dx may be
    /// dy. After an in-place forward x is y.
    /// </summary>
    public abstract void Backward(Tensor x, Tensor slope, Tensor dy, Tensor? dx, Tensor? dslope);
}
