namespace Atl.Proto;

/// <summary>
/// V0 layers (<c>layers { layer { name: "conv1" type: "conv" kernelsize: 5 } bottom: "data" top: "conv1" }</c>) become
/// V1 layers: padding layers vanish into the convolution or pooling that reads them, and the flat fields move into
/// parameter messages.
/// </summary>
internal static class V0Upgrade
{
    /// <summary>Upgrades the net and returns the number of V0 layers that it had.</summary>
    public static int Apply(NetParameter net, Action<string>? note)
    {
        int old = net.Layers.Count(l => l.Layer is not null);
        if (old == 0)
            return 0;
        List<V1LayerParameter> layers = FoldPadding(net);
        net.Layers.Clear();
        net.Layers.Add(layers.Select(l => l.Layer is null ? l : V0Layer.Convert(l, note)));
        return old;
    }

    private static List<V1LayerParameter> FoldPadding(NetParameter net)
    {
        List<V1LayerParameter> kept = [];
        Dictionary<string, V1LayerParameter> producers = [];
        foreach (V1LayerParameter layer in net.Layers)
        {
            bool isPadding = layer.Layer?.Type == "padding";
            if (isPadding)
                CheckOneToOne(layer, "a padding layer");
            else
            {
                for (int i = 0; i < layer.Bottom.Count; i++)
                {
                    if (producers.TryGetValue(layer.Bottom[i], out V1LayerParameter? producer)
                        && producer.Layer?.Type == "padding")
                        TakePadding(layer, i, producer);
                }
                kept.Add(layer);
            }
            foreach (string top in layer.Top)
                producers[top] = layer;
        }
        return kept;
    }

    private static void TakePadding(V1LayerParameter layer, int bottom, V1LayerParameter padding)
    {
        if (layer.Layer?.Type is not ("conv" or "pool"))
            throw new AtlException($"{SourceMap.Prefix(layer)}layer '{layer.Layer?.Name ?? layer.Name}' reads the "
                + $"padding layer '{padding.Layer.Name}', "
                + "expected only conv and pool to do so");
        CheckOneToOne(layer, "a layer after padding");
        layer.Layer.Pad = padding.Layer.Pad;
        layer.Bottom[bottom] = padding.Bottom[0];
    }

    private static void CheckOneToOne(V1LayerParameter layer, string what)
    {
        if (layer.Bottom.Count != 1 || layer.Top.Count != 1)
            throw new AtlException($"{SourceMap.Prefix(layer)}{what} '{layer.Layer?.Name}' with "
                + $"{layer.Bottom.Count} bottoms "
                + $"and {layer.Top.Count} tops, expected one of each");
    }
}
