using Atl.Devices;

namespace Atl.Operators;

/// <summary>A convolution of one shape.</summary>
/// <param name="Geometry">The shapes.</param>
/// <param name="Bias">Whether a bias is added.</param>
/// <param name="Training">Whether backward passes follow and the weights change between any two forwards.</param>
public sealed record ConvolutionSpec(ConvolutionGeometry Geometry, bool Bias, bool Training)
    : OperatorSpec<Convolution>;

/// <summary>
/// y[n, o, p] = Σ w[o, c, k] · x[n, c, p·stride + k·dilation − pad] + b[o], over the channels c of o's group and the
/// kernel's taps k; x is zero outside the image.
/// </summary>
public abstract class Convolution(Device device) : Operator(device)
{
    /// <summary>y = w * x + b; the bias is null where the specification says so.</summary>
    public abstract void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y);

    /// <summary>dx = the gradient with respect to x.</summary>
    public abstract void BackwardData(Tensor dy, Tensor weights, Tensor dx);

    /// <summary>dWeights += the gradient with respect to w, dBias += that with respect to b; what is null is not
    /// computed.</summary>
    public abstract void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias);
}
