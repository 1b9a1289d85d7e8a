using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// HingeLoss: L = Σ max(0, 1 − s·x)ᵖ / N over the scores x (first bottom), with s = 1 for the label's class (second
/// bottom) and −1 for the others; <c>norm</c> L1: p = 1, L2: p = 2. (Caffe's HingeLossLayer.)
/// </summary>
[LayerType("HingeLoss")]
internal sealed class HingeLossLayer(LayerParameter parameter, LayerContext context)
    : LabelLossLayer<HingeLoss, HingeLossSpec>(parameter, context)
{
    /// <inheritdoc/>
    protected override HingeLossSpec Describe(int rows, long classes) =>
        new(rows, classes, (Parameter.HingeLossParam ?? new HingeLossParameter()).Norm
            == HingeLossParameter.Types.Norm.L2);
}
