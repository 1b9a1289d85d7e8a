using Atl.Layers;
using Atl.Proto;

namespace Atl.Linting;

/// <summary>Trained weights, and what of a net they would leave without.</summary>
/// <param name="weights">Nets with stored parameters, in the order in which they are loaded.</param>
public sealed class WeightsComparison(IReadOnlyList<NetParameter> weights)
{
    /// <summary>Compares the parameters of a net, which may be made for its shapes only, by the names of layers.</summary>
    public LintedWeights Compare(Net net)
    {
        Dictionary<string, Layer> layers = new(StringComparer.Ordinal);
        foreach (Layer layer in net.Layers) layers.TryAdd(layer.Name, layer);
        HashSet<string> own = [.. net.LearnableParameters.Select(learned => learned.Layer)];
        HashSet<string> found = new(StringComparer.Ordinal);
        List<string> misfits = [], ignored = [];
        foreach (LayerParameter stored in weights.SelectMany(weight => weight.Layer))
        {
            if (stored.Blobs.Count == 0) continue;
            if (!layers.TryGetValue(stored.Name, out Layer? layer))
                ignored.Add(stored.Name);
            else if (found.Add(stored.Name) && Misfit(stored, layer) is { } misfit)
                misfits.Add(LayerException.Describe(layer.Parameter, misfit));
        }
        // A layer all of whose parameters are those of others needs no weights of its own.
        IEnumerable<string> missing = layers.Values
            .Where(layer => layer.Blobs.Count > 0 && own.Contains(layer.Name) && !found.Contains(layer.Name))
            .Select(layer => LayerException.Describe(layer.Parameter, "finds no weights"));
        return new LintedWeights([.. missing], misfits, [.. ignored.Distinct()]);
    }

    private static string? Misfit(LayerParameter stored, Layer layer)
    {
        if (stored.Blobs.Count != layer.Blobs.Count)
            return $"the weights have {stored.Blobs.Count} parameters, the net has {layer.Blobs.Count}";
        for (int i = 0; i < stored.Blobs.Count; i++)
        {
            BlobProto blob = stored.Blobs[i];
            if (blob.CalculateSize() > 0 && !layer.Blobs[i].ShapeEquals(blob))
                return $"parameter {i} of the weights has shape {blob.StoredShape()}, the net's has {layer.Blobs[i].Shape}";
        }
        return null;
    }
}
