using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Threshold: y = 1 where x &gt; threshold, else 0; it has no gradient. (Caffe's ThresholdLayer.)</summary>
[LayerType("Threshold")]
internal sealed class ThresholdLayer(LayerParameter parameter, LayerContext context)
: ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) =>
        new(ElementwiseFunction.Threshold, count, Parameter.ThresholdParam?.Threshold ?? 0);
}
