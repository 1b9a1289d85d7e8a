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
public abstract class Convolution(Device device, ConvolutionSpec spec) : Operator(device)
{
    /// <summary>The shapes and parameters that it was made for.</summary>
    protected ConvolutionSpec Spec { get; } = spec;

    /// <summary>y = w * x + b; the bias is null where the specification says so.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        if (bias is null == Spec.Bias)
            throw new ArgumentException(Spec.Bias ? "no bias, the operator was made for one"
                : "a bias, the operator was made for none", nameof(bias));
        CheckCount(x, Spec.Geometry.InputCount, "x");
        CheckCount(weights, Spec.Geometry.WeightShape.Count, "w");
        CheckCount(bias, Spec.Geometry.OutputChannels, "b");
        CheckCount(y, Spec.Geometry.OutputCount, "y");
        RunForward(x, weights, bias, y);
    }

    /// <summary>As <see cref="Forward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunForward(Tensor x, Tensor weights, Tensor? bias, Tensor y);

    /// <summary>dx = the gradient with respect to x.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void BackwardData(Tensor dy, Tensor weights, Tensor dx)
    {
        CheckCount(dy, Spec.Geometry.OutputCount, "dy");
        CheckCount(weights, Spec.Geometry.WeightShape.Count, "w");
        CheckCount(dx, Spec.Geometry.InputCount, "dx");
        RunBackwardData(dy, weights, dx);
    }

    /// <summary>As <see cref="BackwardData"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackwardData(Tensor dy, Tensor weights, Tensor dx);

    /// <summary>dWeights += the gradient with respect to w, dBias += that with respect to b; what is null is not
    /// computed.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        CheckCount(x, Spec.Geometry.InputCount, "x");
        CheckCount(dy, Spec.Geometry.OutputCount, "dy");
        CheckCount(dWeights, Spec.Geometry.WeightShape.Count, "dw");
        CheckCount(dBias, Spec.Geometry.OutputChannels, "db");
        RunBackwardWeights(x, dy, dWeights, dBias);
    }

    /// <summary>As <see cref="BackwardWeights"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias);
}
