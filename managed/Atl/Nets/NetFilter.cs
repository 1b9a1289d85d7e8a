using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>Which layers take part: include and exclude rules against the net's phase, level and stages.</summary>
internal static class NetFilter
{
    /// <summary>A net of the layers (with their places in the prototxt) that the state admits.</summary>
    /// <exception cref="LayerException">A layer has both include and exclude rules.</exception>
    public static NetParameter Filter(NetParameter net, NetState state)
    {
        NetParameter filtered = net.Clone();
        filtered.Layer.Clear();
        foreach (LayerParameter layer in net.Layer)
            if (Admits(layer, state))
                filtered.Layer.Add(SourceMap.CloneWithPlaces(layer));
        return filtered;
    }

    /// <summary>Whether the state admits a layer.</summary>
    /// <exception cref="LayerException">The layer has both include and exclude rules.</exception>
    public static bool Admits(LayerParameter layer, NetState state)
    {
        if (layer.Include.Count > 0 && layer.Exclude.Count > 0) throw new LayerException(layer, "has include and exclude rules; only one kind can be given");
        if (layer.Include.Count > 0) return layer.Include.Any(rule => Meets(rule, state));
        return !layer.Exclude.Any(rule => Meets(rule, state));
    }

    private static bool Meets(NetStateRule rule, NetState state) =>
        (!rule.HasPhase || rule.Phase == state.Phase)
        && (!rule.HasMinLevel || state.Level >= rule.MinLevel)
        && (!rule.HasMaxLevel || state.Level <= rule.MaxLevel)
        && rule.Stage.All(state.Stage.Contains)
        && !rule.NotStage.Any(state.Stage.Contains);
}
