using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Exp: y = base^(shift + scale·x), element by element, where base −1 stands for e; may run in place. (Caffe's
/// ExpLayer.)</summary>
[LayerType("Exp")]
internal sealed class ExpLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count)
    {
        ExpParameter p = Parameter.ExpParam ?? new ExpParameter();
        double logBase = p.Base == -1 ? 1 : Math.Log(p.Base);
        return new ElementwiseSpec(ElementwiseFunction.Exp, count, (float)(logBase * p.Scale),
            (float)Math.Exp(logBase * p.Shift));
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.ExpParam is { } p && p.Base != -1 && !(p.Base > 0))
            throw Error($"exp_param: base must be positive, or -1 for e, found {p.Base}");
    }
}
