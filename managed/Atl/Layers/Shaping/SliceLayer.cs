using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Slice: cuts the bottom along <c>axis</c> (formerly <c>slice_dim</c>) into its tops, before each <c>slice_point</c>,
/// or evenly where none is given; a single top is shared. An unwritten top gradient counts as zero.
/// (Caffe's SliceLayer.)
/// </summary>
[LayerType("Slice")]
internal sealed class SliceLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Concat, ConcatSpec> _concat = new();

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (top.Count > 1) _concat.Value.Cut(bottom[0].Data, [.. top.Select(blob => blob.Data)]);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (top.Count > 1 && propagateDown[0])
            _concat.Value.Join([.. top.Select(blob => blob.Diff.Memory.HasContent ? blob.Diff : null)], bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => Parameter.Top.Count == 1;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.SliceParam is { HasAxis: true, HasSliceDim: true })
            throw Error("slice_param: give axis or slice_dim, not both");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        SliceParameter given = Parameter.SliceParam ?? new SliceParameter();
        Shape whole = bottom[0].Shape;
        int axis = whole.CanonicalAxis(given.HasSliceDim ? (int)given.SliceDim : given.Axis);
        int[] extents = Cut(given, whole, axis, top.Count);
        for (int i = 0; i < extents.Length; i++) top[i].Reshape(whole.With(axis, extents[i]));
        if (top.Count == 1)
        {
            View(top[0], bottom[0]);
            return;
        }
        EnsureOperator(_concat, new ConcatSpec(whole, axis, extents));
    }

    private int[] Cut(SliceParameter given, Shape whole, int axis, int tops)
    {
        int extent = whole[axis];
        int[] extents = new int[tops];
        if (given.SlicePoint.Count == 0)
        {
            if (extent % tops != 0)
                throw Error($"axis {axis} of the bottom, shape {whole}, cannot be cut into {tops} equal tops; give "
                    + "slice_point");
            Array.Fill(extents, extent / tops);
            return extents;
        }
        if (given.SlicePoint.Count != tops - 1)
            throw Error($"slice_point must be given once for each top but the first ({tops - 1}), found "
                + $"{given.SlicePoint.Count}");
        long begin = 0;
        for (int i = 0; i < tops; i++)
        {
            long end = i < tops - 1 ? given.SlicePoint[i] : extent;
            if (end <= begin || end > extent)
                throw Error($"slice_point must increase and stay below {extent}, the size of axis {axis} of the "
                    + $"bottom, found {string.Join(", ", given.SlicePoint)}");
            extents[i] = (int)(end - begin);
            begin = end;
        }
        return extents;
    }
}
