using System.Globalization;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// MarginInnerProduct: class scores x·Wᵀ with unit rows of W, whose labeled score gets an angular margin
/// (<see cref="MarginInnerProduct"/>); with <c>triplet</c> the rows of W are samples (the Angular Triplet Loss), with
/// <c>semihard</c> only semi-hard samples learn.
/// </summary>
/// <remarks>
/// bottom[0]: samples, M × K once the axes from <c>axis</c> on are flattened. bottom[1]: M labels, integers in [0,
/// num_output). top[0]: M × N scores, the axes before <c>axis</c> kept. top[1], where there is one: the λ of this
/// forward. blobs[0]: W, N × K, normalized in place by every forward. λ = max(base·(1 + gamma·t)^(−power), lambda_min),
/// where t counts forwards, in TEST as in TRAIN, from <c>iteration</c> + 1; the count is part of the layer's state, so
/// a resumed run goes on where it stopped. Weights get the plain inner product's gradient, with <c>triplet</c> none.
/// Sources: SphereFace (Liu et al., CVPR 2017) and the Angular Triplet Loss.
/// </remarks>
[LayerType("MarginInnerProduct")]
internal sealed class MarginInnerProductLayer(LayerParameter parameter, LayerContext context)
: Layer(parameter, context), IAnnealedLayer, IDivergenceHint
{
    private const string ForwardsKey = "forwards";

    private readonly MarginInnerProductParameter _margin = parameter.MarginInnerProductParam
        ?? new MarginInnerProductParameter();
    private readonly OperatorSlot<MarginInnerProduct, MarginInnerProductSpec> _operator = new();
    private RandomStream? _draws;
    private int _classes, _features;
    private long _forwards;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Between(1, 2);

    /// <summary>t: how many forwards λ has seen, counted from the prototxt's <c>iteration</c>.</summary>
    public long Forwards => _forwards;

    /// <inheritdoc/>
    public float Lambda => LambdaAt(Math.Max(_forwards, (long)_margin.Iteration + 1));

    /// <summary>With a margin and the published gradient, which pulls less on |x| than the derivative does: the other
    /// settings that hold |x| down.</summary>
    public string? DivergenceHint => _margin.Type == MarginInnerProductParameter.Types.MarginType.Single
        || _margin.ExactGradient
        ? null
        : "exact_gradient keeps features shorter than the published gradient does, and a lambda that falls more "
            + "slowly (gamma) or "
            + "less far (lambda_min) asks for less";

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckLabels(bottom[1]);
        float lambda = LambdaAt(_forwards + 1);
        _operator.Value.Forward(bottom[0].Data, bottom[1].Data, Blobs[0].Data, lambda, top[0].Data);
        _forwards++;
        if (top.Count > 1) top[1].Data.AsWriteOnlySpan()[0] = lambda;
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[1]) throw Error("cannot propagate a gradient to its labels (bottom 1)");
        bool learnsWeights = !_margin.Triplet && ParamPropagateDown(0);
        if (propagateDown[0] || learnsWeights)
            _operator.Value.Backward(
                bottom[0].Data, bottom[1].Data, Blobs[0].Data, top[0].Diff,
                propagateDown[0] ? bottom[0].Diff : null, learnsWeights ? Blobs[0].Diff : null);
        if (_margin.Triplet) _operator.Value.ReplaceRows(bottom[0].Data, bottom[1].Data, _draws!, Blobs[0].Data);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Bottoms;

    /// <inheritdoc/>
    public void ResumeAfter(long forwards) => _forwards = _margin.Iteration + forwards;

    /// <inheritdoc/>
    public override void SaveState(LayerState state)
    {
        base.SaveState(state);
        state.Put(ForwardsKey, _forwards);
    }

    /// <inheritdoc/>
    public override void LoadState(LayerState state)
    {
        base.LoadState(state);
        _forwards = state.FindValue(ForwardsKey) ?? _forwards;
    }

    /// <summary>M·N·K.</summary>
    public override long MultiplyAdds(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        Extents.Times(top[0].Count, _features);

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (_margin.NumOutput is 0 or > int.MaxValue)
            throw Error($"num_output must be the number of classes, 1..{int.MaxValue}, found {_margin.NumOutput}");
        _classes = (int)_margin.NumOutput;
        long features = bottom[0].Shape.CountFrom(Axis(bottom[0]));
        if (features is 0 or > int.MaxValue)
            throw Error($"a sample must have 1..{int.MaxValue} features, found {features} in a bottom of shape "
                + $"{bottom[0].Shape} from axis {_margin.Axis} on");
        _features = (int)features;
        _forwards = _margin.Iteration;
        AddBlob(new Shape(_classes, _features), _margin.WeightFiller);
        if (_margin.Triplet) _draws = CreateStream("triplet");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        int axis = Axis(bottom[0]);
        long features = bottom[0].Shape.CountFrom(axis);
        if (features != _features)
            throw Error($"a bottom of shape {bottom[0].Shape} has {features} features from axis {axis} on, expected "
                + $"the {_features} of the weights");
        long samples = bottom[0].Shape.CountOf(0, axis);
        if (bottom[1].Count != samples)
            throw Error($"needs one label a sample: found labels of shape {bottom[1].Shape} for {samples} samples "
                + $"of shape {bottom[0].Shape} (axis {axis})");
        top[0].Reshape([.. bottom[0].Shape.Dims[..axis], _classes]);
        if (top.Count > 1) top[1].Reshape(1);
        EnsureOperator(_operator,
            new MarginInnerProductSpec(
                Extents.Of(samples, "the number of samples", "margin_inner_product_param.axis"), _classes, _features,
                _margin.Type,
                _margin.ExactGradient, _margin.Semihard));
    }

    private int Axis(Blob samples) => samples.Shape.CanonicalAxis(_margin.Axis);

    private float LambdaAt(long forward)
    {
        float? lambda = MarginAnnealing.Lambda(
            _margin.Base, _margin.Gamma, _margin.Power, _margin.LambdaMin, forward);
        return lambda ?? throw Error(string.Create(CultureInfo.InvariantCulture,
            $"lambda of forward {forward} is not a finite number >= 0 with base {_margin.Base}, "
            + $"gamma {_margin.Gamma}, power {_margin.Power}, lambda_min {_margin.LambdaMin}"));
    }

    private void CheckLabels(Blob labels)
    {
        ReadOnlySpan<float> values = labels.Data.AsReadOnlySpan();
        for (int i = 0; i < values.Length; i++)
            if (!(values[i] >= 0 && (double)values[i] < _classes) || values[i] != MathF.Floor(values[i]))
                throw Error(FormattableString.Invariant(
                    $"sample {i} has the label {values[i]}, expected an integer in [0, {_classes})"));
    }
}
