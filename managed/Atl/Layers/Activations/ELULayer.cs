using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>ELU: y = x for x &gt; 0, else alpha·(e^x − 1), element by element; may run in place. (Clevert et al. 2015;
/// Caffe's ELULayer.)</summary>
[LayerType("ELU")]
internal sealed class ELULayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) =>
        new(ElementwiseFunction.Elu, count, Parameter.EluParam?.Alpha ?? 1);
}
