using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// ContrastiveLoss: L = Σ (similar ? d² : max(margin − d, 0)²) / (2·N) with d = |a − b| for the features a and b of a
/// pair (bottoms 1 and 2); bottom 3 says whether the pair is similar. <c>legacy_version</c>: max(margin − d², 0) for
/// the others. (Caffe's ContrastiveLossLayer.)
/// </summary>
[LayerType("ContrastiveLoss")]
internal sealed class ContrastiveLossLayer(LayerParameter parameter, LayerContext context)
: LossLayer(parameter, context)
{
    private readonly OperatorSlot<ContrastiveLoss, ContrastiveLossSpec> _loss = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(3);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom != 2;

    /// <inheritdoc/>
    public override bool LeavesWithoutGradient(int bottom) => bottom == 2;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, bottom[2].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        for (int i = 0; i < 2; i++)
            if (propagateDown[i])
                _loss.Value.Backward(bottom[i].Data, bottom[1 - i].Data, bottom[2].Data, Weight(top), bottom[i].Diff);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        int pairs = bottom[0].Shape[0];
        if (bottom[0].Count != bottom[1].Count || bottom[2].Count != pairs)
            throw Error($"needs two bottoms with equally many features and {pairs} marks of similarity, found "
                + $"shapes {bottom[0].Shape}, "
                + $"{bottom[1].Shape} and {bottom[2].Shape}");
        ContrastiveLossParameter given = Parameter.ContrastiveLossParam ?? new ContrastiveLossParameter();
        EnsureOperator(_loss, new ContrastiveLossSpec(pairs, bottom[0].Shape.CountFrom(1), given.Margin,
            given.LegacyVersion));
    }
}
