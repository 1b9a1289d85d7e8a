using Atl.Devices;
using Atl.Native;

namespace Atl.Operators;

/// <summary>
/// The number of scales of a normalization; the values are those of <c>atl_normalize_scale</c> in atl/normalize.h.
/// </summary>
internal enum NormalizeScale
{
    /// <summary>No scale: 1 for all.</summary>
    NoScale = 0,

    /// <summary>One for all channels.</summary>
    SharedScale = 1,

    /// <summary>One for each channel.</summary>
    ChannelScale = 2,
}

/// <summary>The norm |x|; the values are those of <c>atl_normalize_norm</c> in atl/normalize.h.</summary>
internal enum NormalizeNorm
{
    /// <summary>√(Σx² + eps).</summary>
    L2 = 0,

    /// <summary>Σ|xᵢ| + eps.</summary>
    L1 = 1,
}

/// <summary>A normalization of N × C × spatial elements.</summary>
/// <param name="Samples">N.</param>
/// <param name="Channels">C.</param>
/// <param name="Spatial">The places of a channel.</param>
/// <param name="AcrossSpatial">Whether a sample has one norm; else each of its places has its own, over the
/// channels.</param>
/// <param name="Scale">The learned scale.</param>
/// <param name="Eps">What is added to the sum.</param>
/// <param name="Norm">What |x| is.</param>
/// <param name="FixGradient">Whether backward leaves the division by |x| out.</param>
internal sealed record NormalizeSpec(
    int Samples, int Channels, long Spatial, bool AcrossSpatial, NormalizeScale Scale, float Eps, NormalizeNorm Norm,
    bool FixGradient)
    : OperatorSpec<Normalize>
{
    /// <summary>The normalization as the native library takes it, for arrays in a layout.</summary>
    internal NativeNormalize Describe(Layout layout) => new()
    {
        N = Samples,
        C = Channels,
        Spatial = Spatial,
        Layout = layout,
        Scale = Scale,
        AcrossSpatial = AcrossSpatial ? 1 : 0,
        Eps = Eps,
        Norm = Norm,
        FixGradient = FixGradient ? 1 : 0,
    };
}

/// <summary>y = scale·x / |x|, on whatever layout x lies in; 0 where |x| is 0.</summary>
internal abstract class Normalize(Device device) : Operator(device)
{
    /// <summary>
    /// Computes y and, where wanted, <paramref name="norms"/>, N × spatial; <paramref name="scale"/> is null where the
    /// specification has none.
    /// </summary>
    public abstract void Forward(Tensor x, Tensor? scale, Tensor y, Tensor? norms);

    /// <summary>
    /// dx = (t − d·Σ(u·t)) / |x| + d·dNorms with t = scale·dy, u = x / |x| and d the derivative of |x|: u for L2,
    /// sign(x) for L1; Σ u·dy is added to
    /// <paramref name="dScale"/>. Null for one that is not there or not wanted.
    /// </summary>
    public abstract void Backward(Tensor x, Tensor? scale, Tensor dy, Tensor? dNorms, Tensor? dx, Tensor? dScale);
}
