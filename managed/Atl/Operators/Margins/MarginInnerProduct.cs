using Atl.Devices;
using Atl.Native;
using MarginType = Atl.Proto.MarginInnerProductParameter.Types.MarginType;

namespace Atl.Operators;

/// <summary>A margin inner product of given shapes.</summary>
/// <param name="Samples">M, the samples in a batch.</param>
/// <param name="Classes">N, the rows of W.</param>
/// <param name="Features">K, the features of a sample.</param>
/// <param name="Type">The margin: the m of cos(mθ).</param>
/// <param name="ExactGradient">Whether the label's gradient is the derivative; else it has the published form.</param>
/// <param name="Semihard">Whether only semi-hard samples get a gradient.</param>
internal sealed record MarginInnerProductSpec(int Samples, int Classes, int Features, MarginType Type,
    bool ExactGradient,
    bool Semihard)
    : OperatorSpec<MarginInnerProduct>
{
    /// <summary>The margin inner product as the native library takes it.</summary>
    internal NativeMargin Describe() => new()
    {
        M = Samples,
        N = Classes,
        K = Features,
        Type = (Native.MarginType)Type,
        ExactGradient = ExactGradient ? 1 : 0,
        Semihard = Semihard ? 1 : 0,
    };
}

/// <summary>
/// y = x·Wᵀ with rows of W of unit length, where the labeled logit of sample i is (λ·x·w_y + |x|·ψ(c)) / (1 + λ), c =
/// x·w_y / |x|; the gradients of it, semi-hard mining and the triplet bank. The formulas, and what happens to
/// degenerate samples, are in native/margin/margin.h.
/// </summary>
/// <remarks>
/// x is M × K, labels have M integers in [0, N), W is N × K, y is M × N. Two products of M·N·K in the backward, one in
/// the forward, and 3·M numbers beside the logits. Sources: SphereFace (Liu et al., CVPR 2017); FaceNet (Schroff et
/// al., 2015) for semi-hard mining.
/// </remarks>
internal abstract class MarginInnerProduct(Device device) : Operator(device)
{
    /// <summary>
    /// Scales the rows of <paramref name="weight"/> to unit length in place (rows of zeros stay), writes the logits to
    /// <paramref name="y"/> and remembers what <see cref="Backward"/> needs.
    /// </summary>
    /// <exception cref="DeviceException">A label is not an integer in [0, N).</exception>
    public abstract void Forward(Tensor x, Tensor label, Tensor weight, float lambda, Tensor y);

    /// <summary>
    /// The gradients of the last <see cref="Forward"/>, whose <paramref name="x"/>, <paramref name="label"/> and
    /// <paramref name="weight"/> are unchanged:
    /// <paramref name="dx"/> is written, dyᵀ·x is added to <paramref name="dWeight"/>; null for one that is not wanted.
    /// <paramref name="dy"/> is left as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was no forward.</exception>
    public abstract void Backward(Tensor x, Tensor label, Tensor weight, Tensor dy, Tensor? dx, Tensor? dWeight);

    /// <summary>
    /// The triplet bank: each sample becomes its class's row of <paramref name="weight"/> with probability 1/2; the
    /// later sample of a class stays. Draws M words.
    /// </summary>
    /// <exception cref="DeviceException">A label is not an integer in [0, N).</exception>
    public abstract void ReplaceRows(Tensor x, Tensor label, RandomStream draws, Tensor weight);
}
