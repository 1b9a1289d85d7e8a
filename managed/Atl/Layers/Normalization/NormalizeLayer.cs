using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Normalize, of two kinds that share the name. Without <c>norm_param</c> it is that of face nets: the channels of
/// each position are divided by their norm, √Σx², or Σ|x| with <c>normalize_type: "L1"</c>, and a position of zeros
/// stays zero. A second top, N × 1 × …, gives the norms, and carries its gradient on with <c>bp_norm</c>; with
/// <c>fix_gradient</c> backward leaves the division by the norm out, as published. With <c>norm_param</c> it is SSD's:
/// the norm √(Σx² + eps) is taken over the whole sample (<c>across_spatial</c>) or over the channels of each place, and
/// the result is multiplied by a learned scale, one number (<c>channel_shared</c>) or one for each channel, which
/// starts at 1 unless <c>scale_filler</c> says otherwise.
/// </summary>
[LayerType("Normalize")]
internal sealed class NormalizeLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly NormalizeParameter? _normalize = parameter.NormParam;
    private readonly OperatorSlot<Normalize, NormalizeSpec> _operator = new();

    private Blob? Scale => Blobs.Count > 0 ? Blobs[0] : null;

    /// <inheritdoc/>
    public override BlobCount Tops => _normalize is null ? BlobCount.Between(1, 2) : BlobCount.Exactly(1);

    private FaceNormalizeParameter Face => Parameter.NormalizeParam ?? new FaceNormalizeParameter();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, Scale?.Data, top[0].Data, top.Count > 1 ? top[1].Data : null);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor? dScale = ParamPropagateDown(0) ? Scale?.Diff : null;
        Tensor? dNorms = top.Count > 1 && Face.BpNorm ? top[1].Diff : null;
        if (propagateDown[0] || dScale is not null)
            _operator.Value.Backward(bottom[0].Data, Scale?.Data, top[0].Diff, dNorms, propagateDown[0] ? bottom[0].Diff
                : null, dScale);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckAxes(bottom[0].Shape);
        if (Parameter.NormalizeParam is { } face)
        {
            if (_normalize is not null) throw Error("give norm_param (SSD) or normalize_param (face nets), not both");
            if (face.NormalizeType is not ("L1" or "L2"))
                throw Error($"normalize_param.normalize_type must be \"L1\" or \"L2\", found \"{face.NormalizeType}\"");
        }
        if (_normalize is null) return;
        if (_normalize.Eps < 0) throw Error(FormattableString.Invariant($"eps must be >= 0, found {_normalize.Eps}"));
        AddBlob(
            _normalize.ChannelShared ? Shape.Scalar : new Shape(bottom[0].Shape[1]),
            _normalize.ScaleFiller ?? new FillerParameter { Type = "constant", Value = 1 });
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        CheckAxes(shape);
        if (Scale is { } scale && !_normalize!.ChannelShared && scale.Count != shape[1])
            throw Error($"a bottom of shape {shape} has {shape[1]} channels, expected the {scale.Count} of the scale");
        top[0].Reshape(shape);
        if (top.Count > 1) top[1].Reshape(shape.With(1, 1));
        NormalizeScale kind = _normalize is null ? NormalizeScale.NoScale : _normalize.ChannelShared
            ? NormalizeScale.SharedScale : NormalizeScale.ChannelScale;
        EnsureOperator(_operator,
            new NormalizeSpec(
                shape[0], shape[1], shape.CountFrom(2), _normalize?.AcrossSpatial ?? false, kind, _normalize?.Eps ?? 0,
                Face.NormalizeType == "L1" ? NormalizeNorm.L1 : NormalizeNorm.L2, Face.FixGradient));
    }

    private void CheckAxes(Shape shape)
    {
        if (shape.NumAxes < 2) throw Error($"needs a bottom with samples and channels, found the shape {shape}");
    }
}
