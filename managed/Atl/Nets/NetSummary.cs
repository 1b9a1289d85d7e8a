using Atl.Layers;

namespace Atl.Nets;

/// <summary>A net's layers with their shapes and what they cost. Split layers that the net inserted are left out.</summary>
/// <param name="Name">The net's name.</param>
/// <param name="Phase">TRAIN or TEST.</param>
/// <param name="Layers">The layers in order.</param>
/// <param name="ParameterCount">The elements of all parameters; shared ones once.</param>
/// <param name="MultiplyAdds">The multiply-add pairs of one forward of the whole batch.</param>
/// <param name="ActivationBytes">The memory of all activations when all are kept; training holds gradients of up to the same size beside it.</param>
/// <param name="PeakActivationBytes">The most memory that activations take at once when each is given up after its last use, as in TEST.</param>
public sealed record NetSummary(
    string Name, string Phase, IReadOnlyList<LayerSummary> Layers, long ParameterCount, long MultiplyAdds, long ActivationBytes, long PeakActivationBytes)
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
                [.. layer.Blobs.Select(blob => (IReadOnlyList<int>)[.. blob.Shape])], layer.Blobs.Sum(blob => blob.Count), net.MultiplyAdds(i), bytes));
        }
        return new NetSummary(
            net.Name, net.Phase.ToString().ToUpperInvariant(), layers, net.LearnableParameters.Sum(parameter => parameter.Blob.Count),
            layers.Sum(layer => layer.MultiplyAdds), layers.Sum(layer => layer.ActivationBytes), Peak(net));
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
                lastUse[blob.Data.Memory] = net.Bottoms(i).Count == 0 ? int.MaxValue : Math.Max(i, lastUse.GetValueOrDefault(blob.Data.Memory));
        }
        foreach (Blob output in net.Outputs) lastUse[output.Data.Memory] = int.MaxValue;
        Dictionary<SyncedMemory, long> live = [];
        long peak = 0;
        for (int i = 0; i < net.Layers.Count; i++)
        {
            foreach (Blob top in net.Tops(i)) live.TryAdd(top.Data.Memory, Bytes(top));
            peak = Math.Max(peak, live.Values.Sum());
            foreach (SyncedMemory memory in live.Keys.Where(memory => lastUse[memory] <= i).ToList()) live.Remove(memory);
        }
        return peak;
    }
}
