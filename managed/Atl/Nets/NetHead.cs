using Atl.Proto;

namespace Atl.Nets;

/// <summary>What a net's message says beside its layers.</summary>
internal static class NetHead
{
    /// <summary>A net of the same fields and the same place, without layers.</summary>
    public static NetParameter Of(NetParameter net) =>
        SourceMap.ShallowCopy(net, NetParameter.LayerFieldNumber, NetParameter.LayersFieldNumber);
}
