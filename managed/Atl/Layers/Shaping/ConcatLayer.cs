using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Concat: the top is the bottoms one after another along <c>axis</c> (formerly <c>concat_dim</c>); a single bottom is
/// shared. (Caffe's ConcatLayer.)
/// </summary>
[LayerType("Concat")]
internal sealed class ConcatLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Concat, ConcatSpec> _concat = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (bottom.Count > 1) _concat.Value.Join([.. bottom.Select(blob => blob.Data)], top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (bottom.Count > 1 && propagateDown.Any(wanted => wanted))
            _concat.Value.Cut(top[0].Diff, [.. bottom.Select((blob, i) => propagateDown[i] ? blob.Diff : null)]);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => Parameter.Bottom.Count == 1;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.ConcatParam is { HasAxis: true, HasConcatDim: true })
            throw Error("concat_param: give axis or concat_dim, not both");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ConcatParameter given = Parameter.ConcatParam ?? new ConcatParameter();
        Shape first = bottom[0].Shape;
        int axis = first.CanonicalAxis(given.HasConcatDim ? (int)given.ConcatDim : given.Axis);
        int[] extents = new int[bottom.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            Shape shape = bottom[i].Shape;
            if (!shape.EqualsBut(axis, first))
                throw Error($"the bottoms must agree in all axes but {axis}, "
                    + $"found '{bottom[0].Name}' of shape {first} and '{bottom[i].Name}' of shape {shape}");
            extents[i] = shape[axis];
        }
        top[0].Reshape(first.With(axis, Extents.Sum($"the size of axis {axis}", "concat_param", extents)));
        if (bottom.Count == 1)
        {
            View(top[0], bottom[0]);
            return;
        }
        EnsureOperator(_concat, new ConcatSpec(top[0].Shape, axis, extents));
    }
}
