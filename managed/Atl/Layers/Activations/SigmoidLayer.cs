using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Sigmoid: y = 1 / (1 + e^−x), element by element; may run in place. (Caffe's SigmoidLayer.)</summary>
[LayerType("Sigmoid")]
internal sealed class SigmoidLayer(LayerParameter parameter, LayerContext context)
: ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) => new(ElementwiseFunction.Sigmoid, count);
}
