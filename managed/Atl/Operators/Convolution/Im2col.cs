using Atl.Devices;

namespace Atl.Operators;

/// <summary>The windows of a convolution.</summary>
/// <param name="Geometry">Its geometry; output channels and groups play no part.</param>
internal sealed record Im2colSpec(ConvolutionGeometry Geometry) : OperatorSpec<Im2col>;

/// <summary>y[n] = InputChannels × Kernel rows with one element for each window: what the windows hold of x[n], 0
/// outside the image. Plain order.</summary>
internal abstract class Im2col(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = for each pixel the sum over the windows that hold it.</summary>
    public abstract void Backward(Tensor dy, Tensor dx);
}
