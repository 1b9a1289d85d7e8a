using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// The common part of Convolution and Deconvolution. It reads convolution_param, and holds the parameters (weights,
/// then bias). Any number of bottoms of one shape, each with its top, share the parameters.
/// </summary>
internal abstract class WindowedLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly ConvolutionParameter _parameter = parameter.ConvolutionParam ?? new ConvolutionParameter();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override bool SameBottomTopCount => true;

    /// <summary>Whether the operator is one for training: nothing that a net made for its shapes has.</summary>
    protected bool IsTrained => PhaseOfOperators == Phase.Train;

    private bool IsDepthwise => Parameter.Type is "DepthwiseConvolution" or "ConvolutionDepthwise";

    /// <summary>Whether a bias is added.</summary>
    protected bool HasBias => _parameter.BiasTerm;

    /// <summary>The weights of one filter: those of one extent of the weights' first axis.</summary>
    protected long FilterSize => Blobs[0].Shape.CountFrom(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        for (int i = 0; i < bottom.Count; i++)
            Forward(bottom[i].Data, Blobs[0].Data, HasBias ? Blobs[1].Data : null, top[i].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor? dWeights = ParamPropagateDown(0) ? Blobs[0].Diff : null, dBias = HasBias && ParamPropagateDown(1)
            ? Blobs[1].Diff : null;
        for (int i = 0; i < bottom.Count; i++)
        {
            if (dWeights is not null || dBias is not null)
                BackwardWeights(bottom[i].Data, top[i].Diff, dWeights, dBias);
            if (propagateDown[i]) BackwardData(top[i].Diff, Blobs[0].Data, bottom[i].Diff);
        }
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Bottoms;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape weights = Describe(bottom).WeightShape;
        AddBlob(weights, _parameter.WeightFiller);
        if (HasBias) AddBlob(new Shape((int)_parameter.NumOutput), _parameter.BiasFiller);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ConvolutionGeometry geometry = Describe(bottom);
        if (!Blobs[0].Shape.Equals(geometry.WeightShape))
            throw Error($"has weights of shape {Blobs[0].Shape}, but a bottom of shape {bottom[0].Shape} needs "
                + $"{geometry.WeightShape}");
        Shape shape = bottom[0].Shape;
        Shape topShape = new([.. shape.Dims[..geometry.ChannelAxis], (int)_parameter.NumOutput,
            .. TopExtents(geometry)]);
        foreach (Blob blob in top) blob.Reshape(topShape);
        EnsureOperator(geometry);
    }

    /// <summary>Creates the operator for a geometry.</summary>
    protected abstract void EnsureOperator(ConvolutionGeometry geometry);

    /// <summary>The shapes, given those that a convolution of the bottom with the parameters of the prototxt would
    /// have.</summary>
    protected abstract ConvolutionGeometry Describe(ConvolutionGeometry convolution);

    /// <summary>The spatial extents of the top.</summary>
    protected abstract int[] TopExtents(ConvolutionGeometry geometry);

    /// <summary>The top's data of one pair.</summary>
    protected abstract void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y);

    /// <summary>The bottom's diff of one pair.</summary>
    protected abstract void BackwardData(Tensor dy, Tensor weights, Tensor dx);

    /// <summary>Adds one pair's parameter diffs.</summary>
    protected abstract void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias);

    private ConvolutionGeometry Describe(IReadOnlyList<Blob> bottom)
    {
        Shape shape = bottom[0].Shape;
        for (int i = 1; i < bottom.Count; i++)
            if (!bottom[i].Shape.Equals(shape))
                throw Error($"all bottoms must have one shape, found {shape} and, as bottom {i}, {bottom[i].Shape}");
        int axis = shape.CanonicalAxis(_parameter.Axis), spatial = shape.NumAxes - axis - 1;
        int channels = shape[axis], outputs = SpatialWindow.Number("num_output", _parameter.NumOutput, Error),
            group = SpatialWindow.Number("group", _parameter.Group, Error);
        if (IsDepthwise && !_parameter.HasGroup) group = channels;
        if (outputs == 0) throw Error("num_output must be given and positive");
        if (group == 0) throw Error("group must be positive");
        if (channels == 0) throw Error($"needs channels on axis {axis}, found a bottom of shape {shape}");
        if (channels % group != 0)
            throw Error($"has {channels} input channels (axis {axis} of {shape}), which its "
                + $"{group} groups do not divide");
        if (outputs % group != 0) throw Error($"has num_output {outputs}, which its {group} groups do not divide");
        SpatialWindow window = SpatialWindow.Read(_parameter, spatial, Error);
        return Describe(new ConvolutionGeometry(
            shape.CountOf(0, axis), channels, outputs, group, new Shape(shape.Dims[(axis + 1)..]), window.Kernel,
            window.Stride, window.Pad,
                window.Dilation, axis));
    }
}
