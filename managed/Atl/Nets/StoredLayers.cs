using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Stored weights as a net looks them up: by layer name. A parameter may be absent: HDF5 holds a shared one once, with
/// its owner.
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="file">What messages call them.</param>
internal sealed class StoredLayers(NetParameter weights, string file)
{
    private readonly ILookup<string, LayerParameter> _withParameters =
        weights.Layer.Where(stored => stored.Blobs.Count > 0).ToLookup(stored => stored.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, BlobProto> _byParamName = NameShared(weights);

    /// <summary>The stored layer that has the parameters of a name; null where none has any.</summary>
    /// <exception cref="LayerException">Several have, and they differ.</exception>
    public LayerParameter? Find(string name)
    {
        if (_withParameters[name].FirstOrDefault() is not { } found) return null;
        if (_withParameters[name].Skip(1).Any(other => !other.Blobs.Equals(found.Blobs)))
            throw new LayerException(found,
                $"{file}: two layers of this name with different parameters, so the name is ambiguous; train the net "
                    + "again with unique layer names");
        return found;
    }

    /// <summary>Whether a stored layer lacks a parameter.</summary>
    public static bool IsAbsent(LayerParameter stored, int index) => index >= stored.Blobs.Count
        || StoredBlobs.IsAbsent(stored.Blobs[index]);

    /// <summary>Whether the weights hold a parameter under its layer's name.</summary>
    public bool Holds(SharedParameter parameter) =>
        _withParameters[parameter.Layer.Name].FirstOrDefault() is { } stored && !IsAbsent(stored, parameter.Index);

    /// <summary>
    /// The shared parameters of a net that no layer of the weights has under its name, with what is stored for their
    /// param name: a TEST net takes that.
    /// </summary>
    public IEnumerable<(string Name, SharedParameter Owner, BlobProto Values)> TakenByParamName(Net net)
    {
        if (net.Phase != Phase.Test) yield break;
        foreach ((string name, List<SharedParameter> sharers) in net.SharedParameters)
            if (_byParamName.TryGetValue(name, out BlobProto? values) && !sharers.Exists(Holds))
                yield return (name, sharers[0], values);
    }

    private static Dictionary<string, BlobProto> NameShared(NetParameter weights)
    {
        Dictionary<string, BlobProto> shared = new(StringComparer.Ordinal);
        foreach (LayerParameter stored in weights.Layer)
            for (int i = 0; i < stored.Param.Count; i++)
                if (!IsAbsent(stored, i))
                    shared.TryAdd(stored.Param[i].Name, stored.Blobs[i]);
        return shared;
    }
}
