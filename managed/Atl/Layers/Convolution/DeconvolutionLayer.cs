using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Deconvolution: the transpose of a convolution, which spreads each pixel through a kernel. A top's extent is
/// stride·(extent − 1) + dilation·(kernel − 1) + 1 − 2·pad. Parameters: weights channels × num_output/group × kernel,
/// then (bias_term) num_output biases. With the bilinear filler, group = channels = num_output and a fixed learning
/// rate of 0 it enlarges images. (Caffe's DeconvolutionLayer.)
/// </summary>
[LayerType("Deconvolution")]
internal sealed class DeconvolutionLayer(LayerParameter parameter, LayerContext context)
: WindowedLayer(parameter, context)
{
    private readonly OperatorSlot<Deconvolution, DeconvolutionSpec> _operator = new();

    /// <summary>Each element of a bottom is multiplied with its filter.</summary>
    public override long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        Extents.Times(Extents.Total(bottom.Select(blob => blob.Count)), FilterSize);

    /// <inheritdoc/>
    protected override ConvolutionGeometry Describe(ConvolutionGeometry convolution)
    {
        (Shape extents, Shape kernel, Shape stride, Shape pad) = (convolution.Input, convolution.Kernel,
            convolution.Stride, convolution.Pad);
        int[] enlarged = new int[extents.NumAxes];
        for (int i = 0; i < enlarged.Length; i++)
        {
            Int128 extent = stride[i] * ((Int128)extents[i] - 1) + convolution.Window(i) - 2L * pad[i];
            if (extents[i] == 0 || extent < 1 || extent > int.MaxValue)
                throw Error($"spatial axis {i} of the top would have size {extent} (bottom {extents[i]}, kernel "
                    + $"{kernel[i]}, pad {pad[i]})");
            enlarged[i] = (int)extent;
        }
        return convolution with
        {
            InputChannels = convolution.OutputChannels,
            OutputChannels = convolution.InputChannels,
            Input = new Shape(enlarged)
        };
    }

    /// <inheritdoc/>
    protected override int[] TopExtents(ConvolutionGeometry geometry) => geometry.Input.Dims.ToArray();

    /// <inheritdoc/>
    protected override void EnsureOperator(ConvolutionGeometry geometry) =>
        EnsureOperator(_operator, new DeconvolutionSpec(geometry, IsTrained));

    /// <inheritdoc/>
    protected override void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y) =>
        _operator.Value.Forward(x, weights, bias, y);

    /// <inheritdoc/>
    protected override void BackwardData(Tensor dy, Tensor weights, Tensor dx) =>
        _operator.Value.BackwardData(dy, weights, dx);

    /// <inheritdoc/>
    protected override void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias) =>
        _operator.Value.BackwardWeights(x, dy, dWeights, dBias);
}
