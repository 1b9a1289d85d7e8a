using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// BN: batch normalization with scale and shift in one, y = slope_c·(x − μ_c) / √(σ²_c + eps) + bias_c for each channel
/// (axis 1); of two kinds that share the name. PSPNet's has four parameters, slope, bias and the running mean and
/// (biased) variance, momentum·old + (1 − momentum)·batch, which TEST and <c>frozen</c> use and no solver updates;
/// frozen keeps slope and bias as they are, too. SegNet's (any of <c>scale_filler</c>, <c>shift_filler</c> and
/// <c>bn_mode</c>) has scale and shift alone: <c>bn_mode: LEARN</c> takes the batch's statistics in every phase, with
/// an eps of 1e-9, and INFERENCE none: y = scale_c·x + shift_c. May run in place. (BNLayer of yjxiong/caffe and
/// hszhao/PSPNet, and of alexgkendall/caffe-segnet; Ioffe and Szegedy, 2015.)
/// </summary>
[LayerType("BN")]
internal sealed class BNLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly BNKind _kind = BNKind.Of(parameter.BnParam ?? new BNParameter());
    private readonly KeptInput _kept = new();
    private readonly Tensor _normalized = new(Shape.Scalar), _mean = new(Shape.Scalar), _variance = new(Shape.Scalar),
        _weight = new(new Shape(1));
    private readonly OperatorSlot<BatchNorm, BatchNormSpec> _norm = new();
    private readonly OperatorSlot<Affine, AffineSpec> _affine = new();

    // Whether the running statistics are used.
    private bool Global => _kind.Frozen || (_kind.Momentum is not null && Phase == Phase.Test);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        bool inPlace = bottom[0].Data.Memory == top[0].Data.Memory;
        _kept.Keep(bottom[0].Data,
            when: NeedsBackward && inPlace && !Global && (_kind.Normalizes || ParamPropagateDown(0)), Device);
        Tensor normalized = bottom[0].Data;
        if (_kind.Normalizes)
        {
            // Where nothing goes back, the normalized values need no place of their own.
            normalized = NeedsBackward ? _normalized : top[0].Data;
            (Tensor mean, Tensor variance) = _kind.Momentum is null ? (_mean, _variance)
                : (Blobs[2].Data, Blobs[3].Data);
            _norm.Value.Forward(bottom[0].Data, normalized, mean, variance, _weight);
        }
        _affine.Value.Forward(normalized, Blobs[0].Data, Blobs[1].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor? dSlope = ParamPropagateDown(0) ? Blobs[0].Diff : null, dBias = ParamPropagateDown(1) ? Blobs[1].Diff
            : null;
        Tensor? dx = propagateDown[0] ? bottom[0].Diff : null;
        if (dx is null && dSlope is null && dBias is null) return;
        Tensor x = _kept.Or(bottom[0].Data);
        _affine.Value.Backward(_kind.Normalizes ? _normalized : x, Blobs[0].Data, top[0].Diff, dx, dSlope, dBias);
        if (dx is not null && _kind.Normalizes) _norm.Value.Backward(x, dx, dx);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        inPlace ? BackwardReads.Nothing : BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckAxes(bottom[0].Shape);
        if (BNKind.Problem(Parameter.BnParam ?? new BNParameter()) is { } problem) throw Error(problem);
        // yjxiong's files have 1 x C; Blob.ShapeEquals takes both.
        Shape shape = new(1, bottom[0].Shape[1], 1, 1);
        foreach (FillerParameter? filler in _kind.Fillers) AddBlob(shape, filler);
        for (int i = _kind.FirstStill; i < Blobs.Count; i++)
        {
            ParamSpec still = i < Params.Count ? Params[i].Clone() : new ParamSpec();
            (still.LrMult, still.DecayMult) = (0, 0);
            SetParam(i, still);
            SetParamPropagateDown(i, false);
        }
        // The running statistics are no sums: their weight stays 1.
        _weight.Fill(1);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        CheckAxes(shape);
        if (shape[1] != Blobs[0].Count)
            throw Error($"has parameters of {Blobs[0].Count} channels, found a bottom of shape {shape}");
        if (shape.Count == 0) throw Error($"needs a bottom with elements, found shape {shape}");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        EnsureOperator(_affine, new AffineSpec(shape, 1, 2));
        if (!_kind.Normalizes) return;
        _normalized.Reshape(shape);
        _mean.Reshape(new Shape(shape[1]));
        _variance.Reshape(new Shape(shape[1]));
        float momentum = _kind.Momentum ?? 0;
        EnsureOperator(_norm,
            new BatchNormSpec(shape, _kind.Eps, Global, momentum, Share: 1 - momentum, Unbiased: false));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _kept.Dispose();
        foreach (Tensor tensor in (Tensor[])[_normalized, _mean, _variance, _weight]) tensor.Dispose();
    }

    private void CheckAxes(Shape shape)
    {
        if (shape.NumAxes < 2) throw Error($"needs a bottom with at least 2 axes (N × C × …), found shape {shape}");
    }
}
