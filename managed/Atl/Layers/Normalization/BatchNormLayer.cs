using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// BatchNorm: y = (x − μ_c) / √(σ²_c + eps) for each channel (axis 1), by the batch's statistics or, with
/// use_global_stats (the default in phase TEST), by the stored ones; may run in place. Scale and shift are a Scale
/// layer's. Parameters, which no solver updates: fading sums of the means and of the unbiased variances, and the weight
/// by which to divide them. (Ioffe and Szegedy 2015; Caffe's BatchNormLayer.)
/// </summary>
[LayerType("BatchNorm")]
internal sealed class BatchNormLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private const int Statistics = 3;

    private readonly BatchNormParameter _parameter = parameter.BatchNormParam ?? new BatchNormParameter();
    private readonly KeptInput _kept = new();
    private readonly OperatorSlot<BatchNorm, BatchNormSpec> _operator = new();

    private bool Global => IsGlobal(PhaseOfOperators);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        _kept.Keep(bottom[0].Data, when: NeedsBackward && !Global && bottom[0].Data.Memory == top[0].Data.Memory,
            Device);
        _operator.Value.Forward(bottom[0].Data, top[0].Data, Blobs[0].Data, Blobs[1].Data, Blobs[2].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(_kept.Or(bottom[0].Data), top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        inPlace || IsGlobal(null) ? BackwardReads.Nothing : BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckAxes(bottom[0].Shape);
        Shape channels = new(bottom[0].Shape[1]);
        AddBlob(channels, null);
        AddBlob(channels, null);
        AddBlob(new Shape(1), null);
        for (int i = 0; i < Statistics; i++)
        {
            if (Params.Count == i) SetParam(i, new ParamSpec { LrMult = 0 });
            else if (Params[i].LrMult != 0)
                throw Error($"its statistics are not learned: param {i} needs lr_mult: 0, found "
                    + $"{Params[i].LrMult}");
            SetParamPropagateDown(i, false);
        }
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        CheckAxes(shape);
        if (shape[1] != Blobs[0].Count)
            throw Error($"has statistics of {Blobs[0].Count} channels, found a bottom of shape {shape}");
        if (shape.Count == 0) throw Error($"needs a bottom with elements, found shape {shape}");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        EnsureOperator(_operator,
            new BatchNormSpec(shape, _parameter.Eps, Global, _parameter.MovingAverageFraction));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _kept.Dispose();

    // The layer's phase is asked for where none is given.
    private bool IsGlobal(Phase? phase) =>
        _parameter.HasUseGlobalStats ? _parameter.UseGlobalStats : (phase ?? Phase) == Phase.Test;

    private void CheckAxes(Shape shape)
    {
        if (shape.NumAxes < 2) throw Error($"needs a bottom with at least 2 axes (N × C × …), found shape {shape}");
    }
}
