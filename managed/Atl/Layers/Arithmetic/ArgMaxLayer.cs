using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// ArgMax: the indices of the <c>top_k</c> largest values, in falling order, of equals the larger index first. With
/// <c>axis</c>: along that axis, and the values instead of the indices where <c>out_max_val</c> is set. Without: of
/// each sample as a whole, top N × 1 × top_k, or N × 2 × top_k (indices, then values) with <c>out_max_val</c>. (Caffe's
/// ArgMaxLayer.)
/// </summary>
[LayerType("ArgMax")]
internal sealed class ArgMaxLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<ArgMax, ArgMaxSpec> _argMax = new();

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _argMax.Value.Forward(bottom[0].Data, top[0].Data);

    /// <summary>Nothing: an index has no gradient.</summary>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ArgMaxParameter given = Parameter.ArgmaxParam ?? new ArgMaxParameter();
        Shape shape = bottom[0].Shape;
        int axis = given.HasAxis ? shape.CanonicalAxis(given.Axis) : 0;
        long channels = given.HasAxis ? shape[axis] : shape.CountFrom(1);
        if (given.TopK < 1 || given.TopK > channels)
            throw Error($"argmax_param.top_k must lie in 1..{channels}, the number of values in a bottom of shape "
                + $"{shape}, found {given.TopK}");
        int topK = (int)given.TopK;
        if (given.HasAxis)
        {
            top[0].Reshape(shape.With(axis, topK));
            EnsureOperator(_argMax, new ArgMaxSpec(
                shape.CountOf(0, axis), channels, shape.CountFrom(axis + 1), topK, given.OutMaxVal ? ArgMaxOutput.Values
                : ArgMaxOutput.Indices));
            return;
        }
        int[] extents = new int[Math.Max(3, shape.NumAxes)];
        Array.Fill(extents, 1);
        (extents[0], extents[1], extents[2]) = (shape[0], given.OutMaxVal ? 2 : 1, topK);
        top[0].Reshape(new Shape(extents));
        EnsureOperator(_argMax, new ArgMaxSpec(
            shape[0], channels, 1, topK, given.OutMaxVal ? ArgMaxOutput.IndicesThenValues : ArgMaxOutput.Indices));
    }
}
