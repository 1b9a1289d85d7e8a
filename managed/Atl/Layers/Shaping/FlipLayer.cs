using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Flip: images mirrored left to right (<c>flip_width</c>, the default) and top to bottom (<c>flip_height</c>), for the
/// mirrored half of a face's features.
/// </summary>
[LayerType("Flip")]
internal sealed class FlipLayer(LayerParameter parameter, LayerContext context) : RearrangingLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override (RearrangeSpec Order, Shape Top) Describe(Shape bottom)
    {
        if (bottom.NumAxes != 4)
            throw Error($"takes a bottom with 4 axes (num, channels, height, width), found shape {bottom}");
        FlipParameter given = Parameter.FlipParam ?? new FlipParameter();
        return (new RearrangeSpec(bottom, new Shape(0, 1, 2, 3), new Shape(0, 0, given.FlipHeight
            ? 1 : 0, given.FlipWidth ? 1 : 0)), bottom);
    }
}
