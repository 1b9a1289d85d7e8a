using Atl.Devices;

namespace Atl.Operators;

/// <summary>The loss of pairs that shall be near or far.</summary>
/// <param name="Pairs">The number of pairs.</param>
/// <param name="Features">The features of each of a pair.</param>
/// <param name="Margin">How far apart the others shall be.</param>
/// <param name="Legacy">Whether the margin is compared with the squared distance.</param>
internal sealed record ContrastiveLossSpec(int Pairs, long Features, float Margin, bool Legacy)
    : OperatorSpec<ContrastiveLoss>;

/// <summary>L = Σ (similar ? d² : max(margin − d, 0)²) / (2·pairs) with d = |a − b|; legacy: max(margin − d², 0) for
/// the others.</summary>
internal abstract class ContrastiveLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor a, Tensor b, Tensor similar, Tensor loss);

    /// <summary>da = weight·∂L/∂a; with a and b exchanged, db.</summary>
    public abstract void Backward(Tensor a, Tensor b, Tensor similar, float weight, Tensor da);
}
