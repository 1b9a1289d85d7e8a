using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>BNLL, binomial normal log likelihood: y = ln(1 + e^x), element by element; may run in place. (Caffe's
/// BNLLLayer.)</summary>
[LayerType("BNLL")]
internal sealed class BNLLLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) => new(ElementwiseFunction.Bnll, count);
}
