using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// SmoothL1Loss: L = Σ w_out·f(w_in·(a − b)) / N for bottoms a and b with N samples; f(d) = (sigma·d)²/2 where |d| &lt;
/// 1/sigma², else |d| − 1/(2·sigma²). A third bottom gives w_in, a fourth one w_out, 1 when absent; both a and b can
/// have a gradient. (SmoothL1LossLayer of rbgirshick/caffe-fast-rcnn, with three bottoms weiliu89/caffe's; Girshick,
/// Fast R-CNN, 2015.)
/// </summary>
[LayerType("SmoothL1Loss")]
internal sealed class SmoothL1LossLayer(LayerParameter parameter, LayerContext context) : LossLayer(parameter, context)
{
    private readonly SmoothL1LossParameter _given = parameter.SmoothL1LossParam ?? new SmoothL1LossParameter();
    private readonly OperatorSlot<SmoothL1Loss, SmoothL1LossSpec> _loss = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(2, 4);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom < 2;

    /// <inheritdoc/>
    public override bool LeavesWithoutGradient(int bottom) => bottom >= 2;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, Weights(bottom, 2), Weights(bottom, 3), top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        for (int i = 0; i < 2; i++)
            if (propagateDown[i])
                _loss.Value.Backward(bottom[0].Data, bottom[1].Data, Weights(bottom, 2), Weights(bottom, 3), i == 0
                    ? Weight(top) : -Weight(top), bottom[i].Diff);
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (!(_given.Sigma > 0 && float.IsFinite(_given.Sigma)))
            throw Error($"smooth_l1_loss_param.sigma must be above 0, found {_given.Sigma}");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        foreach (Blob other in bottom.Skip(1))
            if (other.Count != bottom[0].Count)
                throw Error($"the bottoms must have equally many elements, found shapes {bottom[0].Shape} and "
                    + $"{other.Shape}");
        EnsureOperator(_loss,
            new SmoothL1LossSpec(bottom[0].Count, _given.Sigma, Math.Max(1, bottom[0].Shape[0])));
    }

    private static Tensor? Weights(IReadOnlyList<Blob> bottom, int i) => i < bottom.Count ? bottom[i].Data : null;
}
