using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>AbsVal: y = |x|, element by element, with the derivative 0 at 0. (Caffe's AbsValLayer; here it may also run
/// in place.)</summary>
[LayerType("AbsVal")]
internal sealed class AbsValLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) => new(ElementwiseFunction.Abs, count);
}
