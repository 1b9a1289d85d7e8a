using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Eltwise: the product, the sum (with coefficients) or the maximum of two or more bottoms of one shape, element by
/// element. A sum may run in place of its first bottom. Ties of the maximum go to the second of the first two bottoms,
/// and to the earlier one otherwise. (Caffe's EltwiseLayer.)
/// </summary>
[LayerType("Eltwise")]
internal sealed class EltwiseLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly EltwiseParameter _parameter = parameter.EltwiseParam ?? new EltwiseParameter();
    private readonly OperatorSlot<Eltwise, EltwiseSpec> _operator = new();
    private float[] _coefficients = [];

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.AtLeast(2);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward([.. bottom.Select(blob => blob.Data)], _coefficients, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        Tensor?[] diffs = [.. bottom.Select((blob, i) => propagateDown[i] ? blob.Diff : null)];
        if (Array.Exists(diffs, diff => diff is not null))
            _operator.Value.Backward([.. bottom.Select(blob => blob.Data)], _coefficients, top[0].Data, top[0].Diff,
                diffs);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) =>
        _operator.Spec.Operation == EltwiseOperation.Sum ? BackwardReads.Nothing
        : _operator.Spec.StableGradient ? BackwardReads.Bottoms : BackwardReads.Everything;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        int given = _parameter.Coeff.Count;
        if (given > 0 && given != bottom.Count)
            throw Error($"eltwise_param: needs one coeff for each of the {bottom.Count} bottoms or none, found "
                + $"{given}");
        if (given > 0 && _parameter.Operation != EltwiseParameter.Types.EltwiseOp.Sum)
            throw Error($"eltwise_param: coeff belongs to operation SUM, found "
                + $"{_parameter.Operation.ToString().ToUpperInvariant()}");
        _coefficients = given > 0 ? [.. _parameter.Coeff] : [.. Enumerable.Repeat(1f, bottom.Count)];
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        for (int i = 1; i < bottom.Count; i++)
            if (!bottom[i].Shape.Equals(shape))
                throw Error($"needs bottoms of one shape, found {shape} and, as bottom {i}, {bottom[i].Shape}");
        EltwiseSpec wanted = new((EltwiseOperation)_parameter.Operation, bottom[0].Count, bottom.Count,
            _parameter.StableProdGrad);
        for (int i = 0; i < bottom.Count; i++)
        {
            if (bottom[i] != top[0]) continue;
            if (i > 0 || wanted.GradientNeedsInputs)
                throw Error($"cannot overwrite its bottom '{bottom[i].Name}': only operation SUM can run in place, "
                    + "over the first bottom; give the top a name of its own");
        }
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        EnsureOperator(_operator, wanted);
    }
}
