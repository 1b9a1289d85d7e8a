using Atl.Layers;
using Atl.Logging;

namespace Atl.Nets;

/// <summary>
/// Makes one net's parameters views of another's, as a solver's test nets follow its training net: by layer name, as in
/// Caffe. Layers that the other net lacks take part too where a param name shares their parameters: they follow the
/// parameters that they share with in their own net, or else the other net's parameter of that name.
/// </summary>
internal static class ParameterViews
{
    /// <summary>Points the parameters of <paramref name="net"/> at those of <paramref name="other"/>.</summary>
    /// <exception cref="LayerException">A layer's parameters differ in number or shape.</exception>
    public static void Share(Net net, Net other)
    {
        foreach (Layer source in other.Layers)
            if (net.FindLayer(source.Name) is null)
                net.Logger.Info("parameter_views.cpp", $"Ignoring source layer {source.Name}");
        foreach (Layer layer in net.Layers)
            if (other.FindLayer(layer.Name) is { } source
                && (layer.Blobs.Count > 0 || net.FindLayer(layer.Name) == layer))
                ShareLayer(layer, source);
        foreach ((string name, List<SharedParameter> sharers) in net.SharedParameters)
            ShareByName(name, sharers, other);
    }

    /// <summary>The layers of a net with parameters that would follow none of another net's.</summary>
    /// <param name="net">The net.</param>
    /// <param name="other">The net to share with.</param>
    public static IEnumerable<Layer> WithoutSource(Net net, Net other)
    {
        HashSet<SharedParameter> following = [];
        foreach ((string name, List<SharedParameter> sharers) in net.SharedParameters)
            if (other.SharedParameters.ContainsKey(name)
                || sharers.Exists(sharer => other.FindLayer(sharer.Layer.Name) is not null))
                following.UnionWith(sharers);
        return net.Layers.Where(layer => other.FindLayer(layer.Name) is null
            && Enumerable.Range(0, layer.Blobs.Count).Any(i => !following.Contains(new SharedParameter(layer, i))));
    }

    private static void ShareLayer(Layer layer, Layer source)
    {
        if (source.Blobs.Count != layer.Blobs.Count)
            throw new LayerException(layer.Parameter,
                $"has {layer.Blobs.Count} parameters here and {source.Blobs.Count} in the net to share with");
        for (int i = 0; i < source.Blobs.Count; i++)
        {
            if (!source.Blobs[i].Shape.Equals(layer.Blobs[i].Shape))
                throw new LayerException(layer.Parameter,
                    $"cannot share parameter {i}: its shape is {layer.Blobs[i].Shape} here and "
                    + $"{source.Blobs[i].Shape} in the net to share with");
            layer.Blobs[i].Data.Share(source.Blobs[i].Data);
        }
    }

    private static void ShareByName(string name, List<SharedParameter> sharers, Net other)
    {
        int follows = sharers.FindIndex(IsThere);
        if (follows < 0 && !other.SharedParameters.ContainsKey(name)) return;
        SharedParameter source = follows < 0 ? other.SharedParameters[name][0] : sharers[follows];
        foreach (SharedParameter sharer in sharers)
        {
            if (IsThere(sharer)) continue;
            if (sharer.Blob.Count != source.Blob.Count)
                throw new LayerException(sharer.Layer.Parameter,
                    $"cannot share parameter '{name}' (parameter {sharer.Index}) of shape "
                    + $"{sharer.Blob.Shape} with layer '{source.Layer.Name}' of the net to share with, whose shape "
                    + $"is {source.Blob.Shape}");
            sharer.Blob.Data.Share(source.Blob.Data);
        }

        bool IsThere(SharedParameter sharer) => other.FindLayer(sharer.Layer.Name) is not null;
    }
}
