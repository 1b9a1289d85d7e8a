using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>TanH: y = tanh x, element by element; may run in place. (Caffe's TanHLayer.)</summary>
[LayerType("TanH")]
internal sealed class TanHLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) => new(ElementwiseFunction.TanH, count);
}
