using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Log: y = log_base(shift + scale·x), element by element, where base −1 stands for e; may run in place.
/// (Caffe's LogLayer.)</summary>
[LayerType("Log")]
internal sealed class LogLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count)
    {
        LogParameter p = Parameter.LogParam ?? new LogParameter();
        double logBase = p.Base == -1 ? 1 : Math.Log(p.Base);
        return new ElementwiseSpec(ElementwiseFunction.Log, count, (float)(1 / logBase), p.Scale, p.Shift);
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.LogParam is { } p && p.Base != -1 && (!(p.Base > 0) || p.Base == 1))
            throw Error($"log_param: base must be positive and not 1, or -1 for e, found {p.Base}");
    }
}
