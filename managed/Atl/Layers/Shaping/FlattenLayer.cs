using Atl.Proto;

namespace Atl.Layers;

/// <summary>Flatten: the axes <c>axis</c> to <c>end_axis</c> become one; shares its bottom's memory. (Caffe's
/// FlattenLayer.)</summary>
[LayerType("Flatten")]
internal sealed class FlattenLayer(LayerParameter parameter, LayerContext context) : ViewLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override Shape TopShape(Shape bottom)
    {
        FlattenParameter given = Parameter.FlattenParam ?? new FlattenParameter();
        int start = bottom.CanonicalAxis(given.Axis), end = bottom.CanonicalAxis(given.EndAxis);
        if (start > end)
            throw Error($"flatten_param: axis {given.Axis} comes after end_axis {given.EndAxis} in a bottom of "
                + $"shape {bottom}");
        int flat = Extents.Of(
            bottom.CountOf(start, end + 1), $"the product of the axes {start} to {end} of {bottom}", "flatten_param");
        return new Shape([.. bottom.Dims[..start], flat, .. bottom.Dims[(end + 1)..]]);
    }
}
