using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>ReLU: y = max(x, 0) + negative_slope·min(x, 0), element by element; may run in place. (Caffe's
/// ReLULayer.)</summary>
[LayerType("ReLU")]
internal sealed class ReLULayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) =>
        new(ElementwiseFunction.ReLU, count, Parameter.ReluParam?.NegativeSlope ?? 0);
}
