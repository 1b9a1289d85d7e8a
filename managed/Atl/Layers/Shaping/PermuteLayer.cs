using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Permute: the top's axis i is the bottom's axis <c>order</c>[i]; axes that are not named follow in their
/// order. (SSD's PermuteLayer.)</summary>
[LayerType("Permute")]
internal sealed class PermuteLayer(LayerParameter parameter, LayerContext context)
: RearrangingLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override (RearrangeSpec Order, Shape Top) Describe(Shape bottom)
    {
        List<int> order = [];
        foreach (uint axis in Parameter.PermuteParam?.Order ?? [])
        {
            if (axis >= bottom.NumAxes)
                throw Error($"permute_param.order names axis {axis}, but a bottom of shape {bottom} has the axes "
                    + $"0..{bottom.NumAxes - 1}");
            if (order.Contains((int)axis)) throw Error($"permute_param.order names axis {axis} twice");
            order.Add((int)axis);
        }
        order.AddRange(Enumerable.Range(0, bottom.NumAxes).Except(order).ToArray());
        if (order.Count is 0 or > 16) throw Error($"takes a bottom of 1 to 16 axes, found {bottom.NumAxes}");
        RearrangeSpec spec = new(bottom, new Shape([.. order]));
        return (spec, spec.Output);
    }
}
