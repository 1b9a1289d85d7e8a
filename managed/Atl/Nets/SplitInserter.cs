using System.Runtime.InteropServices;
using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Gives every reader of a top that has several readers (or one, and a loss weight) a copy of its own, through a Split
/// layer named as Caffe names it, so that its gradients are summed.
/// </summary>
internal static class SplitInserter
{
    /// <summary>The net with its splits.</summary>
    /// <param name="net">The net of the layers that take part.</param>
    /// <param name="unknown">Explains bottoms that no layer makes.</param>
    /// <param name="isRun">Whether the net will be run, which is made of copies of all layers: else it has the layers
    /// themselves, but for those that a split changes.</param>
    /// <exception cref="LayerException">A bottom is made by no earlier layer.</exception>
    public static NetParameter Insert(NetParameter net, UnknownBottom unknown, bool isRun)
    {
        Dictionary<string, TopUse> latest = new(net.Layer.Count, StringComparer.Ordinal);
        // Those of all bottoms and of all tops, in the order of the layers.
        List<TopUse> sources = [], tops = [];
        for (int i = 0; i < net.Layer.Count; i++)
        {
            LayerParameter layer = net.Layer[i];
            for (int j = 0; j < layer.Bottom.Count; j++)
            {
                if (!latest.TryGetValue(layer.Bottom[j], out TopUse? source))
                    throw new LayerException(layer,
                        $"unknown bottom blob '{layer.Bottom[j]}' (bottom "
                            + $"{j}){unknown.Explain(i, layer, j, latest.Keys)}");
                sources.Add(source);
                source.Readers++;
            }
            for (int j = 0; j < layer.Top.Count; j++)
            {
                TopUse top = new(layer, j);
                tops.Add(top);
                latest[layer.Top[j]] = top;
            }
            for (int j = 0; j < Math.Min(layer.LossWeight.Count, layer.Top.Count); j++)
            {
                TopUse top = latest[layer.Top[j]];
                top.LossWeight = layer.LossWeight[j];
                if (top.LossWeight != 0) top.Readers++;
            }
        }

        NetParameter split = NetHead.Of(net);
        int bottomsSeen = 0, topsSeen = 0;
        foreach (LayerParameter written in net.Layer)
        {
            Span<TopUse> read = CollectionsMarshal.AsSpan(sources).Slice(bottomsSeen, written.Bottom.Count);
            Span<TopUse> made = CollectionsMarshal.AsSpan(tops).Slice(topsSeen, written.Top.Count);
            LayerParameter layer = isRun ? SourceMap.CloneWithPlaces(written)
                : IsChanged(written, read, made) ? written.ShallowCopy()
                : written;
            split.Layer.Add(layer);
            bottomsSeen += read.Length;
            topsSeen += made.Length;
            for (int j = 0; j < read.Length; j++)
                if (read[j].Readers > 1)
                    layer.Bottom[j] = read[j].CopyName(read[j].Next++);
            foreach (TopUse top in made)
            {
                if (top.Readers <= 1) continue;
                LayerParameter copies = top.ToLayer();
                SourceMap.Copy(written, copies);
                split.Layer.Add(copies);
                if (top.LossWeight == 0) continue;
                // The first copy carries the weight in its place.
                layer.LossWeight[top.Index] = 0;
                top.Next++;
            }
        }
        return split;
    }

    // Whether a layer of a net that is never run needs a message of its own: for the copies that it reads, its loss
    // weight, or the phase, which layers of other assemblies may read from it.
    private static bool IsChanged(LayerParameter layer, Span<TopUse> read, Span<TopUse> made)
    {
        foreach (TopUse source in read)
            if (source.Readers > 1)
                return true;
        foreach (TopUse top in made)
            if (top.Readers > 1 && top.LossWeight != 0)
                return true;
        return !LayerRegistry.IsOwn(layer.Type);
    }

    /// <summary>A top and how often it is read.</summary>
    private sealed class TopUse(LayerParameter layer, int index)
    {
        public int Index { get; } = index;

        public int Readers { get; set; }

        public int Next { get; set; }

        public float LossWeight { get; set; }

        private string Name => field ??= $"{layer.Top[Index]}_{layer.Name}_{Index}_split";

        public string CopyName(int copy) => $"{Name}_{copy}";

        public LayerParameter ToLayer()
        {
            LayerParameter split = new() { Name = Name, Type = "Split" };
            split.Bottom.Add(layer.Top[Index]);
            for (int copy = 0; copy < Readers; copy++)
            {
                split.Top.Add(CopyName(copy));
                if (LossWeight != 0) split.LossWeight.Add(copy == 0 ? LossWeight : 0);
            }
            return split;
        }
    }
}
