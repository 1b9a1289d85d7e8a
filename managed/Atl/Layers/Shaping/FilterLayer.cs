using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Filter: of each bottom but the last the samples whose selector, the last bottom, is not 0. Until the first forward
/// the tops have the full batch, since nothing is selected yet. Samples that are skipped get the gradient 0. (Caffe's
/// FilterLayer.)
/// </summary>
[LayerType("Filter")]
internal sealed class FilterLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly List<OperatorSlot<Rows, RowsSpec>> _rows = [];
    private int[]? _chosen;

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.AtLeast(2);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom < Parameter.Bottom.Count - 1;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        List<int> chosen = [];
        ReadOnlySpan<float> selector = bottom[^1].Data.AsReadOnlySpan();
        for (int i = 0; i < selector.Length; i++)
            if (selector[i] != 0)
                chosen.Add(i);
        _chosen = [.. chosen];
        ShapeTops(bottom, top);
        for (int i = 0; i < top.Count; i++) _rows[i].Value.Gather(bottom[i].Data, _chosen, null, top[i].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        for (int i = 0; i < top.Count; i++)
        {
            if (!propagateDown[i]) continue;
            bottom[i].Diff.Zero(Device);
            _rows[i].Value.Scatter(top[i].Diff, _chosen, bottom[i].Diff);
        }
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (top.Count != bottom.Count - 1)
            throw Error($"needs a top for each bottom but the selector: {bottom.Count - 1}, found {top.Count}");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape selector = bottom[^1].Shape;
        if (selector.NumAxes == 0 || selector.CountFrom(1) != 1)
            throw Error($"takes one selector for each sample as its last bottom, found shape {selector}");
        for (int i = 0; i < top.Count; i++)
        {
            Shape samples = bottom[i].Shape;
            if (samples.NumAxes == 0 || samples[0] != selector[0])
                throw Error($"bottom {i}, shape {samples}, must have as many samples as the selector, {selector[0]}");
            if (i == _rows.Count) _rows.Add(new OperatorSlot<Rows, RowsSpec>());
            EnsureOperator(_rows[i], new RowsSpec(samples[0], samples.CountFrom(1)));
        }
        ShapeTops(bottom, top);
    }

    private void ShapeTops(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        for (int i = 0; i < top.Count; i++)
            top[i].Reshape(bottom[i].Shape.With(0, _chosen?.Length ?? bottom[i].Shape[0]));
    }
}
