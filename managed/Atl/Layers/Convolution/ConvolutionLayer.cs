using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Convolution over any number of spatial axes with groups, stride, padding and dilation: num_output filters slide over
/// each bottom; a top's size is (size + 2·pad − dilation·(kernel − 1) − 1) / stride + 1, rounded down. Parameters:
/// weights num_output × channels/group × kernel, then (bias_term) num_output biases. (Caffe's ConvolutionLayer; engine
/// and force_nd_im2col choose nothing here, the results are the same.) DepthwiseConvolution and ConvolutionDepthwise,
/// of other Caffes, are the same with one group for each channel where <c>group</c> is not given.
/// </summary>
[LayerType("Convolution")]
[LayerType("DepthwiseConvolution")]
[LayerType("ConvolutionDepthwise")]
internal sealed class ConvolutionLayer(LayerParameter parameter, LayerContext context)
: WindowedLayer(parameter, context)
{
    private readonly OperatorSlot<Convolution, ConvolutionSpec> _operator = new();

    /// <summary>The shapes that the layer was last made for; null before.</summary>
    internal ConvolutionGeometry? Geometry { get; private set; }

    /// <summary>Each element of a top is the product of a window with its filter.</summary>
    public override long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        Extents.Times(Extents.Total(top.Select(blob => blob.Count)), FilterSize);

    /// <inheritdoc/>
    protected override ConvolutionGeometry Describe(ConvolutionGeometry convolution) => convolution;

    /// <inheritdoc/>
    protected override int[] TopExtents(ConvolutionGeometry geometry) => SpatialWindow.Count(geometry, Error);

    /// <inheritdoc/>
    protected override void EnsureOperator(ConvolutionGeometry geometry)
    {
        EnsureOperator(_operator, new ConvolutionSpec(geometry, HasBias, IsTrained));
        Geometry = geometry;
    }

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
