using Atl.Devices;

namespace Atl.Operators;

/// <summary>A transposed convolution of one shape.</summary>
/// <param name="Geometry">The convolution that it is the transpose of: from the deconvolution's y to its x.</param>
/// <param name="Training">Whether backward passes follow and the weights change between any two forwards.</param>
internal sealed record DeconvolutionSpec(ConvolutionGeometry Geometry, bool Training) : OperatorSpec<Deconvolution>;

/// <summary>
/// y[n, c, p·stride + k·dilation − pad] += w[o, c, k] · x[n, o, p], plus b[c]: the map that a convolution's gradient
/// with respect to its input is. The weights are InputChannels of x × OutputChannels / Groups × Kernel.
/// </summary>
internal abstract class Deconvolution(Device device) : Operator(device)
{
    /// <summary>y from x; a bias of null adds none.</summary>
    public abstract void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y);

    /// <summary>dx = the gradient with respect to x.</summary>
    public abstract void BackwardData(Tensor dy, Tensor weights, Tensor dx);

    /// <summary>dWeights += the gradient with respect to w, dBias += that with respect to b; what is null is not
    /// computed.</summary>
    public abstract void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias);
}
