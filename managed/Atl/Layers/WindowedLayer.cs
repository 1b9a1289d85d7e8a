using Atl.Operators;
using Atl.Proto;
using Google.Protobuf.Collections;

namespace Atl.Layers;

/// <summary>
/// What Convolution and Deconvolution share: reading convolution_param, the parameters (weights, then bias), and any number of bottoms of one
/// shape, each with its top, which share the parameters.
/// </summary>
public abstract class WindowedLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly ConvolutionParameter _parameter = parameter.ConvolutionParam ?? new ConvolutionParameter();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override bool SameBottomTopCount => true;

    private bool IsDepthwise => Parameter.Type is "DepthwiseConvolution" or "ConvolutionDepthwise";

    /// <summary>Whether a bias is added.</summary>
    protected bool HasBias => _parameter.BiasTerm;

    /// <summary>The weights of one filter: those of one extent of the weights' first axis.</summary>
    protected long FilterSize => Blobs[0].Shape.CountFrom(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        for (int i = 0; i < bottom.Count; i++) Forward(bottom[i].Data, Blobs[0].Data, HasBias ? Blobs[1].Data : null, top[i].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown, IReadOnlyList<Blob> bottom)
    {
        Tensor? dWeights = ParamPropagateDown(0) ? Blobs[0].Diff : null, dBias = HasBias && ParamPropagateDown(1) ? Blobs[1].Diff : null;
        for (int i = 0; i < bottom.Count; i++)
        {
            if (dWeights is not null || dBias is not null) BackwardWeights(bottom[i].Data, top[i].Diff, dWeights, dBias);
            if (propagateDown[i]) BackwardData(top[i].Diff, Blobs[0].Data, bottom[i].Diff);
        }
    }

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
            throw Error($"has weights of shape {Blobs[0].Shape}, but a bottom of shape {bottom[0].Shape} needs {geometry.WeightShape}");
        Shape shape = bottom[0].Shape;
        Shape topShape = new([.. shape.Dims[..geometry.ChannelAxis], (int)_parameter.NumOutput, .. TopExtents(geometry)]);
        for (int i = 0; i < top.Count; i++)
        {
            if (top[i] == bottom[i]) throw Error("cannot run in place: top and bottom must be different blobs");
            top[i].Reshape(topShape);
        }
        Renew(geometry);
    }

    /// <summary>Makes the operator for a geometry.</summary>
    protected abstract void Renew(ConvolutionGeometry geometry);

    /// <summary>The shapes, given the bottom's images, channels and spatial extents and the parameters of the prototxt.</summary>
    protected abstract ConvolutionGeometry Describe(Window window, long images, int channels, int outputs, Shape extents);

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
            if (!bottom[i].Shape.Equals(shape)) throw Error($"all bottoms must have one shape, found {shape} and, as bottom {i}, {bottom[i].Shape}");
        int axis = shape.CanonicalAxis(_parameter.Axis), spatial = shape.NumAxes - axis - 1;
        int channels = shape[axis], outputs = Number("num_output", _parameter.NumOutput), group = Number("group", _parameter.Group);
        if (IsDepthwise && !_parameter.HasGroup) group = channels;
        if (outputs == 0) throw Error("num_output must be given and positive");
        if (group == 0) throw Error("group must be positive");
        if (channels == 0) throw Error($"needs channels on axis {axis}, found a bottom of shape {shape}");
        if (channels % group != 0) throw Error($"has {channels} input channels (axis {axis} of {shape}), which its {group} groups do not divide");
        if (outputs % group != 0) throw Error($"has num_output {outputs}, which its {group} groups do not divide");
        if (_parameter.KernelSize.Count == 0 && spatial > 0 && !(_parameter.HasKernelH && _parameter.HasKernelW))
            throw Error("kernel_size, or both of kernel_h and kernel_w, must be given");
        Window window = new(
            group, axis,
            Read("kernel_size", "kernel", _parameter.KernelSize, _parameter.HasKernelH, _parameter.KernelH, _parameter.HasKernelW, _parameter.KernelW, spatial, 0),
            Read("stride", "stride", _parameter.Stride, _parameter.HasStrideH, _parameter.StrideH, _parameter.HasStrideW, _parameter.StrideW, spatial, 1),
            Read("pad", "pad", _parameter.Pad, _parameter.HasPadH, _parameter.PadH, _parameter.HasPadW, _parameter.PadW, spatial, 0),
            Read("dilation", "dilation", _parameter.Dilation, false, 0, false, 0, spatial, 1));
        for (int i = 0; i < spatial; i++)
        {
            if (window.Kernel[i] == 0) throw Error("kernel_size must be positive");
            if (window.Stride[i] == 0) throw Error("stride must be positive");
            if (window.Dilation[i] == 0) throw Error("dilation must be positive");
        }
        return Describe(window, shape.CountOf(0, axis), channels, outputs, new Shape(shape.Dims[(axis + 1)..]));
    }

    // One value for each spatial axis: repeated values, one for all, or _h and _w for two axes.
    private Shape Read(string name, string prefix, RepeatedField<uint> given, bool hasH, uint h, bool hasW, uint w, int spatial, int otherwise)
    {
        if (hasH || hasW)
        {
            if (spatial != 2) throw Error($"{prefix}_h and {prefix}_w are for 2 spatial axes, found {spatial}");
            if (given.Count > 0) throw Error($"{name} and {prefix}_h/{prefix}_w must not both be given");
            return new Shape(hasH ? Number(prefix + "_h", h) : otherwise, hasW ? Number(prefix + "_w", w) : otherwise);
        }
        if (given.Count > 1 && given.Count != spatial)
            throw Error($"{name} must be given once, or once for each of the {spatial} spatial axes, found {given.Count} values");
        int[] values = new int[spatial];
        for (int i = 0; i < spatial; i++) values[i] = given.Count == 0 ? otherwise : Number(name, given[given.Count == 1 ? 0 : i]);
        return new Shape(values);
    }

    private int Number(string name, uint value) => value <= int.MaxValue ? (int)value : throw Error($"{name} must be below 2^31, found {value}");

    /// <summary>The fields of convolution_param, one value for each spatial axis.</summary>
    /// <param name="Group">The groups of channels.</param>
    /// <param name="Axis">The channel axis.</param>
    /// <param name="Kernel">The kernel's extents.</param>
    /// <param name="Stride">The steps.</param>
    /// <param name="Pad">The padding on both sides.</param>
    /// <param name="Dilation">The steps between taps.</param>
    protected sealed record Window(int Group, int Axis, Shape Kernel, Shape Stride, Shape Pad, Shape Dilation);
}
