using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Gives every reader of a top that has several readers (or one, and a loss weight) a copy of its own, through a Split layer named as Caffe
/// names it, so that its gradients are summed.
/// </summary>
internal static class SplitInserter
{
    /// <summary>The net with its splits, made of copies of its layers.</summary>
    /// <param name="net">The net of the layers that take part.</param>
    /// <param name="unknown">Explains bottoms that no layer makes.</param>
    /// <exception cref="LayerException">A bottom is made by no earlier layer.</exception>
    public static NetParameter Insert(NetParameter net, UnknownBottom unknown)
    {
        Dictionary<string, TopUse> latest = new(StringComparer.Ordinal);
        Dictionary<(int Layer, int Bottom), TopUse> sources = [];
        List<Dictionary<int, TopUse>> madeBy = [];
        for (int i = 0; i < net.Layer.Count; i++)
        {
            LayerParameter layer = net.Layer[i];
            for (int j = 0; j < layer.Bottom.Count; j++)
            {
                if (!latest.TryGetValue(layer.Bottom[j], out TopUse? source))
                    throw new LayerException(layer, $"unknown bottom blob '{layer.Bottom[j]}' (bottom {j}){unknown.Explain(i, layer, j, latest.Keys)}");
                sources[(i, j)] = source;
                source.Readers++;
            }
            Dictionary<int, TopUse> tops = [];
            for (int j = 0; j < layer.Top.Count; j++) latest[layer.Top[j]] = tops[j] = new TopUse(layer, j);
            for (int j = 0; j < Math.Min(layer.LossWeight.Count, layer.Top.Count); j++)
            {
                TopUse top = latest[layer.Top[j]];
                top.LossWeight = layer.LossWeight[j];
                if (top.LossWeight != 0) top.Readers++;
            }
            madeBy.Add(tops);
        }

        NetParameter split = NetHead.Of(net);
        for (int i = 0; i < net.Layer.Count; i++)
        {
            LayerParameter layer = SourceMap.CloneWithPlaces(net.Layer[i]);
            split.Layer.Add(layer);
            for (int j = 0; j < layer.Bottom.Count; j++)
            {
                TopUse source = sources[(i, j)];
                if (source.Readers > 1) layer.Bottom[j] = source.CopyName(source.Next++);
            }
            for (int j = 0; j < layer.Top.Count; j++)
            {
                TopUse top = madeBy[i][j];
                if (top.Readers <= 1) continue;
                LayerParameter copies = top.ToLayer();
                SourceMap.Copy(net.Layer[i], copies);
                split.Layer.Add(copies);
                if (top.LossWeight == 0) continue;
                // The first copy carries the weight in its place.
                layer.LossWeight[j] = 0;
                top.Next++;
            }
        }
        return split;
    }

    /// <summary>A top and how often it is read.</summary>
    private sealed class TopUse(LayerParameter layer, int index)
    {
        public int Readers { get; set; }

        public int Next { get; set; }

        public float LossWeight { get; set; }

        private string Name => $"{layer.Top[index]}_{layer.Name}_{index}_split";

        public string CopyName(int copy) => $"{Name}_{copy}";

        public LayerParameter ToLayer()
        {
            LayerParameter split = new() { Name = Name, Type = "Split" };
            split.Bottom.Add(layer.Top[index]);
            for (int copy = 0; copy < Readers; copy++)
            {
                split.Top.Add(CopyName(copy));
                if (LossWeight != 0) split.LossWeight.Add(copy == 0 ? LossWeight : 0);
            }
            return split;
        }
    }
}
