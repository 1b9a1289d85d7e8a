using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// A layer that applies one function to each element: one bottom, one top of the same shape, in place where the net
/// says so. In place, a function whose derivative needs the input keeps a copy of it for backward; the others read
/// their own output.
/// </summary>
internal abstract class ElementwiseLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly KeptInput _kept = new();
    private readonly OperatorSlot<Elementwise, ElementwiseSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        _kept.Keep(bottom[0].Data, when: NeedsBackward && _operator.Spec.GradientNeedsInput
            && bottom[0].Data.Memory == top[0].Data.Memory, Device);
        _operator.Value.Forward(bottom[0].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (!propagateDown[0]) return;
        Tensor x = _kept.Or(bottom[0].Data), y = ReadsBottom ? x : top[0].Data;
        _operator.Value.Backward(x, y, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override bool KeepsSign => _operator.Spec.GradientReads == ElementwiseSource.Either;

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => _operator.Spec.GradientReads switch
    {
        ElementwiseSource.Nothing => BackwardReads.Nothing,
        ElementwiseSource.Input => inPlace ? BackwardReads.Nothing : BackwardReads.FirstBottom,
        ElementwiseSource.Either => (inPlace ? BackwardReads.Tops : BackwardReads.TopOrBottom)
            | (_operator.Spec.Function == ElementwiseFunction.ReLU ? BackwardReads.SignOfTops : BackwardReads.Nothing),
        _ => BackwardReads.Tops,
    };

    /// <summary>The function and its constants for so many elements.</summary>
    protected abstract ElementwiseSpec Describe(long count);

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        EnsureOperator(_operator, Describe(bottom[0].Count));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _kept.Dispose();
}
