using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Swish: y = x / (1 + e^(−beta·x)), element by element; may run in place. (Ramachandran et al. 2017; Caffe's
/// SwishLayer.)</summary>
[LayerType("Swish")]
internal sealed class SwishLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) =>
        new(ElementwiseFunction.Swish, count, Parameter.SwishParam?.Beta ?? 1);
}
