using Atl.Proto;

namespace Atl.Nets;

/// <summary>The part of a net's message beside its layers.</summary>
internal static class NetHead
{
    /// <summary>A net of the same fields and the same place, without layers.</summary>
    public static NetParameter Of(NetParameter net) =>
        SourceMap.ShallowCopy(net, NetParameter.LayerFieldNumber, NetParameter.LayersFieldNumber);
}
