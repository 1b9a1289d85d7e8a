using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// BatchReindex: the top's samples are those of the first bottom that the second one names, in its order, as often as
/// it names them. (Caffe's BatchReindexLayer.)
/// </summary>
[LayerType("BatchReindex")]
internal sealed class BatchReindexLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Rows, RowsSpec> _rows = new();
    private int[] _numbers = [];

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        _numbers = RowNumbers.Read(bottom[1].Data.AsReadOnlySpan(), bottom[0].Shape[0], Error);
        _rows.Value.Gather(bottom[0].Data, _numbers, null, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0]) return;
        bottom[0].Diff.Zero(Device);
        _rows.Value.Scatter(top[0].Diff, _numbers, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape samples = bottom[0].Shape;
        if (bottom[1].NumAxes != 1)
            throw Error($"takes indices of one axis as its second bottom, found shape {bottom[1].Shape}");
        if (samples.NumAxes == 0) throw Error("takes a first bottom with an axis of samples, found a scalar");
        top[0].Reshape(samples.With(0, bottom[1].Shape[0]));
        EnsureOperator(_rows, new RowsSpec(samples[0], samples.CountFrom(1)));
    }
}
