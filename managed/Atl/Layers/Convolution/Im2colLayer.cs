using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Im2col: the windows of a convolution as columns. A bottom of … × C × extents becomes … × C·kernel × windows along
/// each axis, 0 where a window reaches outside. Reads kernel, stride, pad, dilation and axis of convolution_param.
/// (Caffe's Im2colLayer.)
/// </summary>
[LayerType("Im2col")]
internal sealed class Im2colLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Im2col, Im2colSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ConvolutionParameter given = Parameter.ConvolutionParam ?? new ConvolutionParameter();
        Shape shape = bottom[0].Shape;
        int axis = shape.CanonicalAxis(given.Axis), channels = shape[axis];
        if (shape.NumAxes == axis + 1 || channels == 0)
            throw Error($"needs channels on axis {axis} and axes after it, found a bottom of shape {shape}");
        SpatialWindow window = SpatialWindow.Read(given, shape.NumAxes - axis - 1, Error);
        ConvolutionGeometry geometry = new(
            shape.CountOf(0, axis), channels, channels, 1, new Shape(shape.Dims[(axis + 1)..]), window.Kernel,
            window.Stride, window.Pad,
                window.Dilation, axis);
        int[] windows = SpatialWindow.Count(geometry, Error);
        int values = Extents.Product(
            "the number of values of a window", "convolution_param.kernel_size",
            [channels, .. window.Kernel.Select(extent => (long)extent)]);
        top[0].Reshape(new Shape([.. shape.Dims[..axis], values, .. windows]));
        EnsureOperator(_operator, new Im2colSpec(geometry));
    }
}
