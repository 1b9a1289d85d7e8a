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
    /// <summary>What keeps the logits of each margin layer from being cosines is told to it.</summary>
    public static void Tell(IReadOnlyList<NetNode> nodes)
    {
        for (int i = 0; i < nodes.Count; i++)
            if (nodes[i].Layer is LabelLogitsLayer { ExpectsCosines: true } margin)
                margin.CosineFault = FaultOf(nodes, i, margin.TakesAngles);
    }

    /// <summary>What to note about the margin layers of a net, with the place of each in its prototxt.</summary>
    public static IEnumerable<string> Notes(Net net) =>
        net.Layers.OfType<LabelLogitsLayer>().Where(margin => margin.DivergenceHint is not null)
        .Select(margin => new LayerException(margin.Parameter, margin.DivergenceHint!).Message);

    private static string? FaultOf(IReadOnlyList<NetNode> nodes, int margin, bool takesAngles)
    {
        if (Source(nodes, margin) is not (var index, var scaledBy) || nodes[index].Layer
            is not InnerProductLayer product) return null;
        InnerProductParameter given = product.Parameter.InnerProductParam ?? new InnerProductParameter();
        List<string> faults = [];
        if (Source(nodes, index) is (var below, var featuresScaledBy) && nodes[below].Bottom.Count == 1)
        {
            if (!IsUnit(nodes[below].Layer))
                faults.Add($"the features '{nodes[index].Bottom[0].Name}' are not normalized (put a Normalize layer before '{product.Name}')");
            else if (takesAngles && featuresScaledBy is not null)
                faults.Add($"'{featuresScaledBy}' scales the features (put it behind the margin)");
        }
        if (!given.Normalize)
            faults.Add($"the weights of '{product.Name}' are not normalized (inner_product_param {{ normalize: true }})");
        if (given.BiasTerm) faults.Add($"'{product.Name}' adds a bias (bias_term: false)");
        if (takesAngles && scaledBy is not null)
            faults.Add($"'{scaledBy}' scales the logits (put it behind the margin)");
        return faults.Count > 0 ? string.Join(", and ", faults) : null;
    }

    // The layer that computes the first bottom of a layer, behind those that leave values as they are or scale them
    // (the first is named); null where it is not known.
    private static (int Index, string? ScaledBy)? Source(IReadOnlyList<NetNode> nodes, int layer)
    {
        string? scaledBy = null;
        for (int at = layer; nodes[at].Bottom.Count > 0;)
        {
            Blob blob = nodes[at].Bottom[0];
            do at--;
            while (at >= 0 && !nodes[at].Top.Contains(blob));
            if (at < 0) return null;
            if (IsScale(nodes[at])) scaledBy ??= nodes[at].Layer.Name;
            else if (nodes[at].Layer is not (ViewLayer or SplitLayer or LabelLogitsLayer)) return (at, scaledBy);
        }
        return null;
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
}
