using Atl.Devices;

namespace Atl.Operators;

/// <summary>How many numbers the scale of a normalisation has; the values are those of <c>atl_normalize_scale</c> in atl/normalize.h.</summary>
public enum NormalizeScale
{
    /// <summary>No scale: 1 for all.</summary>
    NoScale = 0,

    /// <summary>One for all channels.</summary>
    SharedScale = 1,

    /// <summary>One for each channel.</summary>
    ChannelScale = 2,
}

/// <summary>An L2 normalisation of N × C × spatial elements.</summary>
/// <param name="Samples">N.</param>
/// <param name="Channels">C.</param>
/// <param name="Spatial">The places of a channel.</param>
/// <param name="AcrossSpatial">Whether a sample has one norm; else each of its places has its own, over the channels.</param>
/// <param name="Scale">The learned scale.</param>
/// <param name="Eps">What is added to the sum of squares.</param>
public sealed record NormalizeSpec(int Samples, int Channels, long Spatial, bool AcrossSpatial, NormalizeScale Scale, float Eps) : OperatorSpec<Normalize>;

/// <summary>y = scale·x / |x| with |x| = √(Σx² + eps), on whatever layout x lies in; 0 where |x| is 0.</summary>
public abstract class Normalize(Device device) : Operator(device)
{
    /// <summary>Computes y, and keeps the norms; <paramref name="scale"/> is null where the specification has none.</summary>
    public abstract void Forward(Tensor x, Tensor? scale, Tensor y);

    /// <summary>
    /// dx = (t − u·Σ(u·t)) / |x| with t = scale·dy and u = x / |x|; Σ u·dy is added to <paramref name="dScale"/>. Null for one that is not wanted.
    /// </summary>
    public abstract void Backward(Tensor x, Tensor? scale, Tensor dy, Tensor? dx, Tensor? dScale);
}
