using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Bias: y = x + bias, where the bias spans num_axes axes from axis on and is broadcast over the others. The bias is
/// the second bottom, or a parameter (filled with 0 unless the prototxt says otherwise). May run in place. (Caffe's
/// BiasLayer.)
/// </summary>
[LayerType("Bias")]
internal sealed class BiasLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly BiasParameter _parameter = parameter.BiasParam ?? new BiasParameter();
    private readonly OperatorSlot<Affine, AffineSpec> _operator = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, null, Bias(bottom).Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor bias = Bias(bottom).Diff;
        bool wantsBias = bottom.Count > 1 ? propagateDown[1] : ParamPropagateDown(0);
        if (wantsBias && bottom.Count > 1) bias.Zero(Device);
        _operator.Value.Backward(null, null, top[0].Diff, propagateDown[0] ? bottom[0].Diff : null, null, wantsBias
            ? bias : null);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (bottom.Count == 1) AddBlob(Axes(bottom).Of(bottom[0].Shape), _parameter.Filler);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CoefficientAxes axes = Axes(bottom);
        Shape shape = bottom[0].Shape, coefficients = axes.Of(shape);
        if (!Bias(bottom).Shape.Equals(coefficients))
            throw Error($"has a bias of shape {Bias(bottom).Shape}, but a bottom of shape {shape} needs "
                + $"{coefficients}");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        EnsureOperator(_operator, new AffineSpec(shape, axes.Axis, axes.End));
    }

    private Blob Bias(IReadOnlyList<Blob> bottom) => bottom.Count > 1 ? bottom[1] : Blobs[0];

    private CoefficientAxes Axes(IReadOnlyList<Blob> bottom) => bottom.Count > 1
        ? CoefficientAxes.OfBottom(bottom[0].Shape, _parameter.Axis, bottom[1].Shape)
        : CoefficientAxes.OfParameter(bottom[0].Shape, _parameter.Axis, _parameter.NumAxes);
}
