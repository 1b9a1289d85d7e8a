using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Reduction: the axes from <c>axis</c> on become one number, <c>coeff</c> times the SUM, ASUM (absolute values), SUMSQ
/// (squares) or MEAN of their elements. (Caffe's ReductionLayer.)
/// </summary>
[LayerType("Reduction")]
internal sealed class ReductionLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Reduction, ReductionSpec> _reduction = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _reduction.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _reduction.Value.Backward(bottom[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        ReductionParameter given = Parameter.ReductionParam ?? new ReductionParameter();
        Shape shape = bottom[0].Shape;
        int axis = shape.NumAxes == 0 && given.Axis == 0 ? 0 : shape.CanonicalAxis(given.Axis);
        long columns = shape.CountFrom(axis);
        top[0].Reshape(new Shape(shape.Dims[..axis]));
        (ReductionKind kind, float coefficient) = given.Operation switch
        {
            ReductionParameter.Types.ReductionOp.Asum => (ReductionKind.Asum, given.Coeff),
            ReductionParameter.Types.ReductionOp.Sumsq => (ReductionKind.Sumsq, given.Coeff),
            ReductionParameter.Types.ReductionOp.Mean => (ReductionKind.Sum, given.Coeff / Math.Max(1, columns)),
            _ => (ReductionKind.Sum, given.Coeff),
        };
        EnsureOperator(_reduction, new ReductionSpec(kind, shape.CountOf(0, axis), columns, coefficient));
    }
}
