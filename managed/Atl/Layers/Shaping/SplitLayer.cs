using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Split: every top is the bottom, for blobs with several readers (nets insert it by themselves). The tops share the
/// bottom's data; the bottom's gradient is the sum of the tops'. An unwritten top
/// gradient counts as zero. (Caffe's SplitLayer.)
/// </summary>
[LayerType("Split")]
internal sealed class SplitLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Sum, SumSpec> _sum = new();

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0]) return;
        List<Tensor> written = [];
        foreach (Blob blob in top)
            if (blob.Diff.Memory.HasContent)
                written.Add(blob.Diff);
        _sum.Value.Forward(written, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        foreach (Blob blob in top)
        {
            blob.Reshape(bottom[0].Shape);
            blob.Data.Share(bottom[0].Data);
        }
        EnsureOperator(_sum, new SumSpec(bottom[0].Count));
    }
}
