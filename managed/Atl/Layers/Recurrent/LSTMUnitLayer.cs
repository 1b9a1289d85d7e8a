using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// LSTMUnit: one step of an LSTM. Bottoms: c before the step (1 × N × D), the gates' sums in the order i, f, o, g (1 ×
/// N × 4·D), cont (1 × N, 0 where a sequence begins); tops: c and h (1 × N × D). (Caffe's LSTMUnitLayer.)
/// </summary>
[LayerType("LSTMUnit")]
internal sealed class LSTMUnitLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly Tensor _unwanted = new(Shape.Scalar);
    private readonly OperatorSlot<LstmUnit, LstmUnitSpec> _unit = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(3);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom < 2;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _unit.Value.Forward(bottom[0].Data, bottom[2].Data, bottom[1].Data, top[0].Data, top[1].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0] && !propagateDown[1]) return;
        _unit.Value.Backward(
            bottom[0].Data, bottom[2].Data, top[0].Data, top[0].Diff, top[1].Diff, Wanted(0), Wanted(1));

        Tensor Wanted(int i)
        {
            if (propagateDown[i]) return bottom[i].Diff;
            _unwanted.Reshape(bottom[i].Shape);
            return _unwanted;
        }
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape before = bottom[0].Shape, sums = bottom[1].Shape, cont = bottom[2].Shape;
        bool fits = before.NumAxes == 3 && before[0] == 1 && sums.NumAxes == 3 && sums[0] == 1 && sums[1] == before[1]
            && sums[2] == 4L * before[2]
            && cont.NumAxes == 2 && cont[0] == 1 && cont[1] == before[1] && before[2] > 0;
        if (!fits)
            throw Error($"takes c of 1 x N x D, sums of 1 x N x 4D and cont of 1 x N, found shapes {before}, "
                + $"{sums} and {cont}");
        foreach (Blob blob in top) blob.Reshape(before);
        EnsureOperator(_unit, new LstmUnitSpec(before[1], before[2]));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _unwanted.Dispose();
}
