using Atl.Devices;

namespace Atl.Operators;

/// <summary>A center loss of given shapes.</summary>
/// <param name="Samples">M.</param>
/// <param name="Classes">N, the centers.</param>
/// <param name="Features">K.</param>
/// <param name="Absolute">Whether distances are sums of differences' sizes (L1) rather than half their squares.</param>
internal sealed record CenterLossSpec(int Samples, int Classes, int Features, bool Absolute) : OperatorSpec<CenterLoss>;

/// <summary>L = Σ |x − c_y|² / (2·M), or Σ |x − c_y|₁ / M, for samples x, M × K, and the centers c, N × K, of their
/// classes y.</summary>
internal abstract class CenterLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor x, Tensor labels, Tensor centers, Tensor loss);

    /// <summary>dx = weight·∂L/∂x.</summary>
    public abstract void Backward(Tensor x, Tensor labels, Tensor centers, float weight, Tensor dx);

    /// <summary>dCenters_j += Σ (c_j − x) / (1 + number) over the samples x of class j, whatever the loss' weight (L1:
    /// the signs of c_j − x).</summary>
    public abstract void Update(Tensor x, Tensor labels, Tensor centers, Tensor dCenters);
}
