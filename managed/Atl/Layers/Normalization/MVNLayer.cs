using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// MVN: y = (x − mean) / (σ + eps) over each channel of each sample, or over all channels of a sample with
/// <c>across_channels</c>; without <c>normalize_variance</c> y = x − mean. eps is added to the deviation, not to the
/// variance. (Caffe's MVNLayer.)
/// </summary>
[LayerType("MVN")]
internal sealed class MVNLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly MVNParameter _given = parameter.MvnParam ?? new MVNParameter();
    private readonly OperatorSlot<Mvn, MvnSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(top[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        _given.NormalizeVariance ? BackwardReads.Tops : BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.NumAxes is 0 or > 4)
            throw Error($"takes a bottom of 1 to 4 axes (num, channels, height, width), found shape {shape}");
        top[0].Reshape(new Shape(shape.Legacy(0), shape.Legacy(1), shape.Legacy(2), shape.Legacy(3)));
        int rows = _given.AcrossChannels ? shape.Legacy(0)
            : Extents.Product("the number of channels", "mvn_param", shape.Legacy(0), shape.Legacy(1));
        EnsureOperator(_operator, new MvnSpec(rows, rows == 0 ? 0 : shape.Count / rows, _given.NormalizeVariance,
            _given.Eps));
    }
}
