using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Power: y = (shift + scale·x)^power, element by element; may run in place. (Caffe's PowerLayer.)</summary>
[LayerType("Power")]
internal sealed class PowerLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count)
    {
        PowerParameter p = Parameter.PowerParam ?? new PowerParameter();
        return new ElementwiseSpec(ElementwiseFunction.Power, count, p.Power, p.Scale, p.Shift);
    }
}
