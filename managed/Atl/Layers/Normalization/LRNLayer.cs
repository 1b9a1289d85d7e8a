using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// LRN, local response normalization: y = x·s^−beta, with s = k + alpha·(mean of x² over local_size neighboring
/// channels) or, within a channel, s = 1 + alpha·(mean of x² over local_size × local_size places; k is ignored, as in
/// Caffe). (Krizhevsky et al. 2012; Caffe's LRNLayer.)
/// </summary>
[LayerType("LRN")]
internal sealed class LRNLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly LRNParameter _parameter = parameter.LrnParam ?? new LRNParameter();
    private readonly OperatorSlot<Lrn, LrnSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(bottom[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_parameter.LocalSize % 2 != 1 || _parameter.LocalSize > int.MaxValue)
            throw Error($"lrn_param: local_size must be odd, found {_parameter.LocalSize}");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.NumAxes != 4) throw Error($"needs a bottom with 4 axes (N × C × H × W), found shape {shape}");
        top[0].Reshape(shape);
        bool within = _parameter.NormRegion == LRNParameter.Types.NormRegion.WithinChannel;
        EnsureOperator(_operator, new LrnSpec(
            shape, within, (int)_parameter.LocalSize, _parameter.Alpha, _parameter.Beta, within ? 1 : _parameter.K));
    }
}
