using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>ReLU6: y = min(max(x, 0), 6), element by element; may run in place. (A layer of MobileNet forks of
/// Caffe.)</summary>
[LayerType("ReLU6")]
internal sealed class ReLU6Layer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) => new(ElementwiseFunction.ReLU6, count);
}
