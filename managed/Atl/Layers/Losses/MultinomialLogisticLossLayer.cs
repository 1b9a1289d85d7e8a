using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// MultinomialLogisticLoss: L = −Σ ln max(p, 1e-20) / N, where p is the probability (first bottom) of the sample's
/// label (second bottom); for scores instead of probabilities SoftmaxWithLoss is the better one. (Caffe's
/// MultinomialLogisticLossLayer.)
/// </summary>
[LayerType("MultinomialLogisticLoss")]
internal sealed class MultinomialLogisticLossLayer(LayerParameter parameter, LayerContext context)
    : LabelLossLayer<MultinomialLoss, MultinomialLossSpec>(parameter, context)
{
    /// <inheritdoc/>
    protected override MultinomialLossSpec Describe(int rows, long classes) =>
        new(rows, classes);
}
