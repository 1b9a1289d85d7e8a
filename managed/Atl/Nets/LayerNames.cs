using Atl.Layers;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Nets;

/// <summary>
/// Watches over the layers of a net that have one name. Weights, snapshots, test nets and HDF5 know a parameter by its
/// layer's name, so two layers of one name may have parameters only where they share them all by param name. Other
/// layers of one name are distinguished by their order: running state and random streams need no more.
/// </summary>
internal sealed class LayerNames(ILogger logger)
{
    private readonly Dictionary<string, Namesakes> _layers = new(StringComparer.Ordinal);

    /// <summary>Takes in a layer before it is set up, and names its random streams.</summary>
    public void Add(Layer layer)
    {
        if (_layers.TryGetValue(layer.Name, out Namesakes? same))
            layer.StreamName = $"{layer.Name} ({++same.Count} of this name)";
        else
            _layers.Add(layer.Name, new Namesakes(layer));
    }

    /// <summary>Checks a layer that was set up against earlier ones of its name.</summary>
    /// <exception cref="LayerException">Both have parameters that are not shared.</exception>
    public void Check(Layer layer)
    {
        Namesakes same = _layers[layer.Name];
        Layer? rival = same.WithParameters;
        if (layer.Blobs.Count > 0)
            same.WithParameters ??= layer;
        else
            same.HasOneWithout = true;
        if (same.Count == 1) return;
        Layer first = same.First;
        string other = $"{SourceMap.Prefix(first.Parameter)}layer '{first.Name}' ({first.Type})";
        if (layer.Blobs.Count > 0 && rival is not null && !ShareAll(rival, layer))
            throw new LayerException(layer.Parameter,
                $"has the name of {SourceMap.Prefix(rival.Parameter)}layer '{rival.Name}' ({rival.Type}), and both "
                    + "have parameters, which weights and snapshots identify only by the layer's name; give one of "
                    + "them another name, or share all parameters of both by param { name: ... }");
        string said = $"{SourceMap.Prefix(layer.Parameter)}layer '{layer.Name}' ({layer.Type}) has the name of {other}";
        if (same is { WithParameters: not null, HasOneWithout: true })
            logger.Warning("layer_names.cpp",
                $"{said}; weights of this name go to the one that has parameters, and BVLC Caffe cannot "
                + $"load them");
        else
            logger.Info("layer_names.cpp",
                $"{said}; {(layer.Blobs.Count > 0 ? "they share all parameters" : "they are told apart by "
                + "their order")}");
    }

    private static bool ShareAll(Layer first, Layer second)
    {
        if (first.Blobs.Count != second.Blobs.Count) return false;
        for (int i = 0; i < first.Blobs.Count; i++)
            if (NameOf(first, i).Length == 0 || NameOf(first, i) != NameOf(second, i))
                return false;
        return true;
    }

    private static string NameOf(Layer layer, int index) => index < layer.Params.Count
        ? layer.Params[index].Name : "";

    /// <summary>The layers of one name so far.</summary>
    private sealed class Namesakes(Layer first)
    {
        public Layer First { get; } = first;

        public int Count { get; set; } = 1;

        /// <summary>The first that has parameters.</summary>
        public Layer? WithParameters { get; set; }

        public bool HasOneWithout { get; set; }
    }
}
