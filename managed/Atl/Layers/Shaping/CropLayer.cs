using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Crop: the first bottom cut down to the second one's dims from <c>axis</c> on. <c>offset</c> says where to cut:
/// one number for all of these axes, or one for each; 0 when absent. The second bottom gets no gradient. (Caffe's
/// CropLayer.)
/// </summary>
[LayerType("Crop")]
internal sealed class CropLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly CropParameter _given = parameter.CropParam ?? new CropParameter();
    private readonly OperatorSlot<Crop, CropSpec> _operator = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override bool LeavesWithoutGradient(int bottom) => bottom == 1;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape input = bottom[0].Shape, like = bottom[1].Shape;
        if (input.NumAxes is 0 or > 16) throw Error($"takes a bottom of 1 to 16 axes, found shape {input}");
        if (like.NumAxes != input.NumAxes)
            throw Error($"takes two bottoms of equally many axes, found {input} and {like}");
        int axis = input.CanonicalAxis(_given.Axis), cut = input.NumAxes - axis;
        if (_given.Offset.Count > 1 && _given.Offset.Count != cut)
            throw Error($"crop_param.offset must be given once, or once for each of the {cut} axes from {axis} on, "
                + $"found {_given.Offset.Count} values");
        int[] output = input.Dims.ToArray(), offsets = new int[input.NumAxes];
        for (int i = axis; i < output.Length; i++)
        {
            long offset = _given.Offset.Count == 0 ? 0 : _given.Offset[_given.Offset.Count == 1 ? 0 : i - axis];
            if (offset + like[i] > input[i])
                throw Error($"on axis {i} the cut of {like[i]} from {offset} on ends beyond the bottom, shape {input}");
            (output[i], offsets[i]) = (like[i], (int)offset);
        }
        Shape box = new(output);
        top[0].Reshape(box);
        EnsureOperator(_operator, new CropSpec(input, box, new Shape(offsets)));
    }
}
