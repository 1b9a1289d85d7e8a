using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// ShuffleChannel: the channels as <c>group</c> rows, read column by column: channel c of the top is the bottom's (c
/// mod group)·(C / group) + c / group. (Zhang et al., "ShuffleNet", CVPR 2018.)
/// </summary>
[LayerType("ShuffleChannel")]
internal sealed class ShuffleChannelLayer(LayerParameter parameter, LayerContext context)
: RearrangingLayer(parameter, context)
{
    /// <inheritdoc/>
    protected override (RearrangeSpec Order, Shape Top) Describe(Shape bottom)
    {
        uint group = Parameter.ShuffleChannelParam?.Group ?? 1;
        if (bottom.NumAxes < 2) throw Error($"needs a bottom with samples and channels, found shape {bottom}");
        if (group == 0 || bottom[1] % group != 0)
            throw Error($"shuffle_channel_param.group {group} must divide the {bottom[1]} channels of a bottom of "
                + $"shape {bottom}");
        long spatial = bottom.CountFrom(2);
        if (spatial > int.MaxValue) throw Error($"a channel of a bottom of shape {bottom} is too large");
        return (new RearrangeSpec(new Shape(bottom[0], (int)group, (int)(bottom[1] / group), (int)spatial),
            new Shape(0, 2, 1, 3)), bottom);
    }
}
