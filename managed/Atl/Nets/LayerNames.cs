using Atl.Layers;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Watches over the layers of a net that have one name. Weights, snapshots, test nets and HDF5 know a parameter by its layer's name, so two
/// layers of one name may have parameters only where they share them all by param name. Other layers of one name are told apart by their
/// order: running state and random streams need no more.
/// </summary>
internal sealed class LayerNames
{
    private readonly Dictionary<string, List<Layer>> _layers = new(StringComparer.Ordinal);

    /// <summary>Takes in a layer before it is set up, and names its random streams.</summary>
    public void Add(Layer layer)
    {
        if (_layers.TryGetValue(layer.Name, out List<Layer>? same))
        {
            same.Add(layer);
            layer.StreamName = $"{layer.Name} ({same.Count} of this name)";
        }
        else
        {
            _layers.Add(layer.Name, [layer]);
        }
    }

    /// <summary>Checks a layer that was set up against earlier ones of its name.</summary>
    /// <exception cref="LayerException">Both have parameters that are not shared.</exception>
    public void Check(Layer layer)
    {
        List<Layer> same = _layers[layer.Name];
        if (same.Count == 1) return;
        Layer first = same[0];
        string other = $"{SourceMap.Prefix(first.Parameter)}layer '{first.Name}' ({first.Type})";
        if (layer.Blobs.Count > 0 && same.Find(earlier => earlier != layer && earlier.Blobs.Count > 0) is { } rival && !ShareAll(rival, layer))
            throw new LayerException(layer.Parameter, $"has the name of {SourceMap.Prefix(rival.Parameter)}layer '{rival.Name}' ({rival.Type}), and "
                + "both have parameters, which weights and snapshots know by the layer's name alone; give one of them another name, or share all "
                + "parameters of both by param { name: ... }");
        string said = $"{SourceMap.Prefix(layer.Parameter)}layer '{layer.Name}' ({layer.Type}) has the name of {other}";
        if (same.Exists(one => one.Blobs.Count > 0) && same.Exists(one => one.Blobs.Count == 0))
            Log.Warning($"{said}; weights of this name go to the one that has parameters, and BVLC Caffe cannot load them");
        else
            Log.Info($"{said}; {(layer.Blobs.Count > 0 ? "they share all parameters" : "they are told apart by their order")}");
    }

    private static bool ShareAll(Layer first, Layer second)
    {
        if (first.Blobs.Count != second.Blobs.Count) return false;
        for (int i = 0; i < first.Blobs.Count; i++)
            if (NameOf(first, i).Length == 0 || NameOf(first, i) != NameOf(second, i))
                return false;
        return true;
    }

    private static string NameOf(Layer layer, int index) => index < layer.Parameter.Param.Count ? layer.Parameter.Param[index].Name : "";
}
