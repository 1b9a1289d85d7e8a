using Atl.Layers;

namespace Atl.Nets;

/// <summary>A net's layers with their shapes and what they cost. Split layers that the net inserted are left
/// out.</summary>
/// <param name="Name">The net's name.</param>
/// <param name="Phase">TRAIN or TEST.</param>
/// <param name="Layers">The layers in order.</param>
/// <param name="ParameterCount">The elements of all parameters; shared ones once.</param>
/// <param name="MultiplyAdds">The multiply-add pairs of one forward of the whole batch.</param>
/// <param name="ActivationBytes">The memory of all activations when all are kept; training holds gradients of up to the
/// same size beside it.</param>
/// <param name="PeakActivationBytes">The most memory that activations take at once when each is given up after its last
/// use, as in TEST.</param>
public sealed record NetSummary(
    string Name, string Phase, IReadOnlyList<LayerSummary> Layers, long ParameterCount, long MultiplyAdds,
    long ActivationBytes, long PeakActivationBytes)
{
    /// <summary>The summary of a net; one made for its shapes only will do.</summary>
    public static NetSummary Of(Net net)
    {
        HashSet<SyncedMemory> held = [];
        List<LayerSummary> layers = [];
        for (int i = 0; i < net.Layers.Count; i++)
        {
            long bytes = 0;
            foreach (Blob top in net.Tops(i))
                if (held.Add(top.Data.Memory))
                    bytes += Bytes(top);
            Layer layer = net.Layers[i];
            if (layer.Type == "Split" && layer.Name.EndsWith("_split", StringComparison.Ordinal)) continue;
            layers.Add(new LayerSummary(
                layer.Name, layer.Type, [.. net.Tops(i).Select(top => new BlobSummary(top.Name, [.. top.Shape]))],
                [.. layer.Blobs.Select(blob => (IReadOnlyList<int>)[.. blob.Shape])],
                Extents.Total(layer.Blobs.Select(blob => blob.Count)), net.MultiplyAdds(i), bytes));
        }
        return new NetSummary(
            net.Name, net.Phase.ToString().ToUpperInvariant(), layers,
            Extents.Total(net.LearnableParameters.Select(parameter => parameter.Blob.Count)),
            Extents.Total(layers.Select(layer => layer.MultiplyAdds)),
            Extents.Total(layers.Select(layer => layer.ActivationBytes)), Peak(net));
    }

    private static long Bytes(Blob blob) => blob.Count * sizeof(float);

    // The memory in use after each layer, when every blob that is neither input nor output goes after its last reader.
    private static long Peak(Net net)
    {
        Dictionary<SyncedMemory, int> lastUse = [];
        for (int i = 0; i < net.Layers.Count; i++)
        {
            foreach (Blob blob in net.Bottoms(i)) lastUse[blob.Data.Memory] = i;
            foreach (Blob blob in net.Tops(i))
                lastUse[blob.Data.Memory] = net.Bottoms(i).Count == 0 ? int.MaxValue
                    : Math.Max(i, lastUse.GetValueOrDefault(blob.Data.Memory));
        }
        foreach (Blob output in net.Outputs) lastUse[output.Data.Memory] = int.MaxValue;
        HashSet<SyncedMemory> live = [];
        Int128 held = 0, peak = 0;
        for (int i = 0; i < net.Layers.Count; i++)
        {
            foreach (Blob top in net.Tops(i))
                if (live.Add(top.Data.Memory))
                    held += Bytes(top);
            peak = Int128.Max(peak, held);
            foreach (Blob blob in net.Bottoms(i).Concat(net.Tops(i)))
                if (lastUse[blob.Data.Memory] <= i && live.Remove(blob.Data.Memory))
                    held -= Bytes(blob);
        }
        return (long)Int128.Min(peak, long.MaxValue);
    }
}
