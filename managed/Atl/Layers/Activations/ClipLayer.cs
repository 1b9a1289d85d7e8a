using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Clip: y = min(max(x, min), max), element by element; the gradient passes where min ≤ x ≤ max; may run in
/// place. (Caffe's ClipLayer.)</summary>
[LayerType("Clip")]
internal sealed class ClipLayer(LayerParameter parameter, LayerContext context) : ElementwiseLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override ElementwiseSpec Describe(long count) =>
        new(ElementwiseFunction.Clip, count, Parameter.ClipParam.Min, Parameter.ClipParam.Max);

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.ClipParam is not { HasMin: true, HasMax: true })
            throw Error("needs clip_param { min: … max: … }");
        if (!(Parameter.ClipParam.Min <= Parameter.ClipParam.Max))
            throw Error($"clip_param: min must not exceed max, found min {Parameter.ClipParam.Min} and max "
                + $"{Parameter.ClipParam.Max}");
    }
}
