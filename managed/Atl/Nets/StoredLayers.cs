using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Stored weights as a net looks them up: by layer name. A parameter may be absent: HDF5 holds a shared one once, with its owner.
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="file">What messages call them.</param>
internal sealed class StoredLayers(NetParameter weights, string file)
{
    private readonly Dictionary<string, LayerParameter> _withParameters = Index(weights);

    /// <summary>The stored layer that has the parameters of a name; null where none has any.</summary>
    /// <exception cref="LayerException">Several have, and they differ.</exception>
    public LayerParameter? Find(string name)
    {
        if (!_withParameters.TryGetValue(name, out LayerParameter? found)) return null;
        if (weights.Layer.Any(other => other.Name == name && other.Blobs.Count > 0 && other != found && !other.Blobs.Equals(found.Blobs)))
            throw new LayerException(found, $"{file}: two layers of this name with different parameters, and nothing tells which is "
                + "meant; train the net again with a name for each layer");
        return found;
    }

    /// <summary>Whether a stored layer lacks a parameter.</summary>
    public static bool IsAbsent(LayerParameter stored, int index) => index >= stored.Blobs.Count || StoredBlobs.IsAbsent(stored.Blobs[index]);

    /// <summary>Whether the weights hold a parameter under its layer's name.</summary>
    public bool Holds(SharedParameter parameter) =>
        _withParameters.TryGetValue(parameter.Layer.Name, out LayerParameter? stored) && !IsAbsent(stored, parameter.Index);

    /// <summary>The values stored for a shared parameter by its param name, whatever their layer's name; null where there are none.</summary>
    public BlobProto? FindShared(string name)
    {
        foreach (LayerParameter stored in weights.Layer)
            for (int i = 0; i < stored.Param.Count; i++)
                if (stored.Param[i].Name == name && !IsAbsent(stored, i))
                    return stored.Blobs[i];
        return null;
    }

    private static Dictionary<string, LayerParameter> Index(NetParameter weights)
    {
        Dictionary<string, LayerParameter> layers = new(StringComparer.Ordinal);
        foreach (LayerParameter stored in weights.Layer)
            if (stored.Blobs.Count > 0)
                layers.TryAdd(stored.Name, stored);
        return layers;
    }
}
