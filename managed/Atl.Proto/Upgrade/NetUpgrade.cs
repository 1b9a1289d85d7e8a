namespace Atl.Proto;

/// <summary>Brings a net of any older format to the current one, in place.</summary>
public static class NetUpgrade
{
    /// <summary>Upgrades the net and says in notes what was changed. A net of the current format stays as it is.</summary>
    public static void Apply(NetParameter net, Action<string>? note = null)
    {
        if (net.MemParam is not null)
        {
            note?.Invoke($"{SourceMap.Prefix(net.MemParam)}mem_param is ignored: memory is always shared where it can be");
            net.MemParam = null;
        }
    }
}
