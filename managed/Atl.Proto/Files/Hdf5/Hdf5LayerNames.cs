using System.Globalization;

namespace Atl.Proto;

/// <summary>
/// The paths of a layer's parameters in HDF5 weights: <c>LAYER/INDEX</c>; a layer whose name has slashes lies in nested
/// groups. HDF5 ignores empty parts of a path, and an array and a group cannot have one path. Names that would collide
/// are found here.
/// </summary>
internal static class Hdf5LayerNames
{
    /// <summary>The path of a layer's group: its name without slashes at its ends and doubled ones.</summary>
    public static string PathOf(string layer) =>
        string.Join('/', layer.Split('/', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Checks that all parameters of a net find a place of their own.</summary>
    /// <param name="layers">The layers, and how many parameters each has.</param>
    /// <param name="withDiff">Whether gradients are stored, which a shared parameter's sharers have too.</param>
    /// <exception cref="AtlException">Two names collide; the message has both layers.</exception>
    public static void Check(IEnumerable<(LayerParameter Layer, int Parameters)> layers, bool withDiff)
    {
        Dictionary<string, LayerParameter> arrays = new(StringComparer.Ordinal), groups = new(StringComparer.Ordinal);
        HashSet<string> shared = new(StringComparer.Ordinal);
        foreach ((LayerParameter layer, int parameters) in layers)
        {
            string path = PathOf(layer.Name);
            for (int i = 0; i < parameters; i++)
            {
                bool owned = IsOwned(layer, i, shared);
                if (!owned && !withDiff) continue;
                string array = $"{path}/{i.ToString(CultureInfo.InvariantCulture)}".TrimStart('/');
                if (!arrays.TryAdd(array, layer) && (owned || arrays[array].Name != layer.Name))
                    throw Error(layer, arrays[array], array);
                for (int end = array.LastIndexOf('/'); end > 0; end = array.LastIndexOf('/', end - 1))
                    groups.TryAdd(array[..end], layer);
            }
        }
        foreach ((string array, LayerParameter layer) in arrays)
            if (groups.TryGetValue(array, out LayerParameter? other))
                throw Error(other, layer, array);
    }

    /// <summary>Whether a parameter is its own or the first of its param name, of which the set keeps
    /// account.</summary>
    public static bool IsOwned(LayerParameter layer, int index, HashSet<string> shared) =>
        index >= layer.Param.Count || layer.Param[index].Name.Length == 0 || shared.Add(layer.Param[index].Name);

    private static AtlException Error(LayerParameter layer, LayerParameter other, string array) => new(
        $"{SourceMap.Prefix(layer)}layer '{layer.Name}' ({layer.Type}): HDF5 weights cannot tell its parameters "
            + "from those of "
        + $"{SourceMap.Prefix(other)}layer '{other.Name}' ({other.Type}): both need the path 'data/{array}'; rename "
        + "one of the layers, or store "
        + "weights as a binary protobuf (snapshot_format: BINARYPROTO, .caffemodel)");
}
