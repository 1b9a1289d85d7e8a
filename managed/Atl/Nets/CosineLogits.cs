using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Finds by a net's layers whether the logits of a margin layer are cosines: an InnerProduct without bias whose weights
/// and features are normalized, with nothing but views, splits and other margin layers behind it, and scales for the
/// margins that allow them.
/// </summary>
internal static class CosineLogits
{
    /// <summary>Tells each margin layer the reason why its logits are no cosines.</summary>
    /// <param name="nodes">The net.</param>
    /// <param name="blobs">How many blobs it has.</param>
    public static void Tell(IReadOnlyList<NetNode> nodes, int blobs)
    {
        if (!nodes.Any(node => node.Layer is LabelLogitsLayer { ExpectsCosines: true })) return;
        Source?[] sources = Sources(nodes, blobs);
        for (int i = 0; i < nodes.Count; i++)
            if (nodes[i].Layer is LabelLogitsLayer { ExpectsCosines: true } margin)
                margin.CosineFault = FaultOf(nodes, sources, i, margin.TakesAngles);
    }

    /// <summary>The notes on the margin layers of a net, each with its place in the prototxt.</summary>
    public static IEnumerable<string> Notes(Net net) =>
        net.Layers.OfType<LabelLogitsLayer>().Where(margin => margin.DivergenceHint is not null)
        .Select(margin => new LayerException(margin.Parameter, margin.DivergenceHint!).Message);

    private static string? FaultOf(IReadOnlyList<NetNode> nodes, Source?[] sources, int margin, bool takesAngles)
    {
        if (sources[margin] is not (var index, var scaledBy) || nodes[index].Layer
            is not InnerProductLayer product) return null;
        InnerProductParameter given = product.Parameter.InnerProductParam ?? new InnerProductParameter();
        List<string> faults = [];
        if (sources[index] is (var below, var featuresScaledBy) && nodes[below].Bottom.Count == 1)
        {
            if (!IsUnit(nodes[below].Layer))
                faults.Add($"the features '{nodes[index].Bottom[0].Name}' are not normalized (put a Normalize layer "
                    + $"before '{product.Name}')");
            else if (takesAngles && featuresScaledBy is not null)
                faults.Add($"'{featuresScaledBy}' scales the features (move it after the margin)");
        }
        if (!given.Normalize)
            faults.Add(
                $"the weights of '{product.Name}' are not normalized (inner_product_param {{ normalize: true }})");
        if (given.BiasTerm) faults.Add($"'{product.Name}' adds a bias (bias_term: false)");
        if (takesAngles && scaledBy is not null)
            faults.Add($"'{scaledBy}' scales the logits (move it after the margin)");
        return faults.Count > 0 ? string.Join(", and ", faults) : null;
    }

    // For each layer the one that computes its first bottom, behind those that leave values as they are or scale them;
    // null where it is not known. Each is found from that of an earlier layer.
    private static Source?[] Sources(IReadOnlyList<NetNode> nodes, int blobs)
    {
        var sources = new Source?[nodes.Count];
        // By the blobs' numbers; each is made before it is read.
        int[] makers = new int[blobs];
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].Bottom.Count > 0 && makers[nodes[i].Bottom[0].Index] is var maker)
                sources[i] = IsScale(nodes[maker]) ? sources[maker]?.ScaledFirstBy(nodes[maker].Layer.Name)
                    : nodes[maker].Layer is ViewLayer or SplitLayer or LabelLogitsLayer ? sources[maker]
                    : new Source(maker, null);
            foreach (Blob top in nodes[i].Top) makers[top.Index] = i;
        }
        return sources;
    }

    private static bool IsScale(NetNode node) => node.Layer switch
    {
        ScaleLayer => node.Bottom.Count == 1 && node.Layer.Parameter.ScaleParam?.BiasTerm != true,
        PowerLayer => node.Layer.Parameter.PowerParam is null or { Power: 1, Shift: 0 },
        _ => false,
    };

    private static bool IsUnit(Layer layer) => layer switch
    {
        NormalizeLayer => (layer.Parameter.NormalizeParam?.NormalizeType ?? "L2") == "L2",
        L2NormLayer => true,
        _ => false,
    };

    /// <summary>The layer that computes a bottom, and the first that scales it on the way up; null where none
    /// does.</summary>
    private sealed record Source(int Index, string? ScaledBy)
    {
        public Source ScaledFirstBy(string layer) => this with { ScaledBy = layer };
    }
}
