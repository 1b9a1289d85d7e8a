using System.Numerics;
using Atl.Logging;
using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// A margin layer: bottom[0] are logits, M × N once the axes after the first are flattened, bottom[1] M labels; in
/// top[0] each label's logit is changed. Runs in place where the net says so. In phase TEST the logits pass unchanged
/// unless the layer is told otherwise. A sample of label −1 keeps its row. A layer whose margin is one of cosines warns
/// once where the labels' logits are none.
/// </summary>
internal abstract class LabelLogitsLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context),
    IDivergenceHint
{
    // What rounding may add to the cosine of two features of unit length.
    private const float LargestCosine = 1.001f;

    private const string Remedy =
        "normalize the features (a Normalize layer) and the weights (inner_product_param { normalize: true })";

    private string? _noCosine;
    private long _watched;
    private readonly KeptInput _kept = new();
    private readonly OperatorSlot<LabelLogits, LabelLogitsSpec> _operator = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <summary>Apply the margin in TEST too.</summary>
    protected abstract bool InTest { get; }

    /// <summary>Whether this net asks for the margin.</summary>
    protected bool Transforms => TransformsIn(Phase);

    /// <summary>Whether the margin is one of cosines, so that the net has to normalize features and weights.</summary>
    public virtual bool ExpectsCosines => false;

    /// <summary>Whether logits are taken for cosines as they are; else they may be scaled.</summary>
    public virtual bool TakesAngles => false;

    /// <summary>
    /// The reason why the logits are no cosines, with the remedy, as the net's layers show; null if there is none.
    /// </summary>
    public string? CosineFault { get; internal set; }

    /// <inheritdoc/>
    /// <remarks>What is said in TEST is what is said in TRAIN, or nothing.</remarks>
    public string? DivergenceHint => !ExpectsCosines || !TransformsIn(PhaseOfOperators) ? null
        : CosineFault is { } fault ? $"expects cosines, but {fault}"
        : _noCosine;

    /// <inheritdoc/>
    public bool HintsAtFault => true;

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), _operator.Spec.Classes, ignored: -1, perSample: 1)
            is { } fault)
            throw Error(fault);
        if (Transforms && ExpectsCosines && (TakesAngles || CosineFault is not null)) Watch(bottom[0], bottom[1]);
        LabelConstants constants = Transforms ? NextConstants(top) : new LabelConstants(1);
        _kept.Keep(bottom[0].Data, when: NeedsBackward && ReadsLogits(_operator.Spec)
            && bottom[0].Data.Memory == top[0].Data.Memory, Device);
        _operator.Value.Forward(bottom[0].Data, bottom[1].Data, constants, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0])
            _operator.Value.Backward(_kept.Or(bottom[0].Data), bottom[1].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        inPlace || !ReadsLogits(_operator.Spec) ? BackwardReads.OtherBottoms : BackwardReads.Bottoms;

    /// <summary>The change that the parameters ask for.</summary>
    protected abstract LabelLogitsSpec Describe(int samples, int classes);

    /// <summary>The constants of the coming forward; a layer that anneals them counts it and may report them in its
    /// second top.</summary>
    protected abstract LabelConstants NextConstants(IReadOnlyList<Blob> top);

    // Fewer and fewer forwards are inspected, for the logits may have to come from another device.
    private void Watch(Blob logits, Blob labels)
    {
        if (_noCosine is not null || !BitOperations.IsPow2(++_watched)) return;
        ReadOnlySpan<float> values = logits.Data.AsReadOnlySpan(), wanted = labels.Data.AsReadOnlySpan();
        for (int sample = 0; sample < wanted.Length; sample++)
        {
            if (wanted[sample] <= -1) continue;
            float logit = values[(int)(((long)sample * _operator.Spec.Classes) + (int)wanted[sample])];
            if (!(MathF.Abs(logit) > LargestCosine)) continue;
            _noCosine = FormattableString.Invariant(
                $"is given {logit:g6} at the label of sample {sample}, no cosine: {CosineFault ?? Remedy}");
            Logger.Warning("label_logits_layer.cpp", $"{Error(_noCosine).Message}");
            return;
        }
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        if (shape.NumAxes < 1 || shape.CountFrom(1) is 0 or > int.MaxValue)
            throw Error($"needs rows of logits, found a bottom of shape {shape}");
        if (bottom[1].Count != shape[0])
            throw Error($"needs one label for each of the {shape[0]} samples, found {bottom[1].Count} in a blob of "
                + $"shape {bottom[1].Shape}");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        if (top.Count > 1) top[1].Reshape(1);
        int classes = (int)shape.CountFrom(1);
        LabelLogitsSpec changed = Describe(shape[0], classes), passed = new(shape[0], classes, LabelRule.Scale);
        // What backward reads depends on the phase only where the two read other blobs.
        bool transforms = ReadsLogits(changed) == ReadsLogits(passed) ? TransformsIn(PhaseOfOperators) : Transforms;
        EnsureOperator(_operator, transforms ? changed : passed);
    }

    private static bool ReadsLogits(LabelLogitsSpec spec) => spec.Hard != 1;

    private bool TransformsIn(Phase phase) => phase == Phase.Train || InTest;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _kept.Dispose();
}
