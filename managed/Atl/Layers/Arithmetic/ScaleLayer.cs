using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Scale: y = scale·x, with bias_term y = scale·x + bias, where the coefficients span num_axes axes from axis on and
/// are broadcast over the others. The scale is the second bottom, or a parameter (filled with 1 unless the prototxt
/// says otherwise); the bias always is a parameter. May run in place. (Caffe's ScaleLayer.)
/// </summary>
[LayerType("Scale")]
internal sealed class ScaleLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly ScaleParameter _parameter = parameter.ScaleParam ?? new ScaleParameter();
    private readonly KeptInput _kept = new();
    private readonly OperatorSlot<Affine, AffineSpec> _operator = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        bool keeps = NeedsBackward && bottom[0].Data.Memory == top[0].Data.Memory
            && (bottom.Count > 1 || ParamPropagateDown(0));
        _kept.Keep(bottom[0].Data, keeps, Device);
        _operator.Value.Forward(bottom[0].Data, Scale(bottom).Data, Bias(bottom)?.Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Blob scale = Scale(bottom);
        bool wantsScale = bottom.Count > 1 ? propagateDown[1] : ParamPropagateDown(0);
        if (wantsScale && bottom.Count > 1) scale.Diff.Zero(Device);
        Blob? bias = Bias(bottom);
        bool wantsBias = bias is not null && ParamPropagateDown(Blobs.Count - 1);
        _operator.Value.Backward(
            _kept.Or(bottom[0].Data), scale.Data, top[0].Diff, propagateDown[0] ? bottom[0].Diff : null,
            wantsScale ? scale.Diff : null, wantsBias ? bias!.Diff : null);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        (inPlace ? BackwardReads.Nothing : BackwardReads.FirstBottom) | BackwardReads.OtherBottoms;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape coefficients = Axes(bottom).Of(bottom[0].Shape);
        if (bottom.Count == 1)
            AddBlob(coefficients, _parameter.Filler ?? new FillerParameter { Type = "constant", Value = 1 });
        if (_parameter.BiasTerm) AddBlob(coefficients, _parameter.BiasFiller);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CoefficientAxes axes = Axes(bottom);
        Shape shape = bottom[0].Shape, coefficients = axes.Of(shape);
        foreach (Blob blob in Blobs)
            if (!blob.Shape.Equals(coefficients))
                throw Error($"has coefficients of shape {blob.Shape}, but a bottom of shape {shape} needs "
                    + $"{coefficients}");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        EnsureOperator(_operator, new AffineSpec(shape, axes.Axis, axes.End));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _kept.Dispose();

    private Blob Scale(IReadOnlyList<Blob> bottom) => bottom.Count > 1 ? bottom[1] : Blobs[0];

    private Blob? Bias(IReadOnlyList<Blob> bottom) => _parameter.BiasTerm ? Blobs[bottom.Count > 1 ? 0 : 1] : null;

    private CoefficientAxes Axes(IReadOnlyList<Blob> bottom) => bottom.Count > 1
        ? CoefficientAxes.OfBottom(bottom[0].Shape, _parameter.Axis, bottom[1].Shape)
        : CoefficientAxes.OfParameter(bottom[0].Shape, _parameter.Axis, _parameter.NumAxes);
}
