using Atl.Devices;

namespace Atl.Operators;

/// <summary>A factor for each place of a shape.</summary>
/// <param name="Shape">The shape N × C × spatial of x.</param>
internal sealed record ChannelScaleSpec(Shape Shape) : OperatorSpec<ChannelScale>;

/// <summary>y[n, c, s] = scale[n, s]·x[n, c, s], on whatever layout x lies in.</summary>
internal abstract class ChannelScale(Device device) : Operator(device)
{
    /// <summary>Computes y from x; and dx from dy.</summary>
    public abstract void Forward(Tensor x, Tensor scale, Tensor y);

    /// <summary>dscale[n, s] = Σ_c dy[n, c, s]·x[n, c, s].</summary>
    public abstract void BackwardScale(Tensor dy, Tensor x, Tensor dScale);
}
