using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Says what hazards a net has: layer, blob, line, what Atl does, what BVLC Caffe does, and what to write instead.
/// </summary>
internal static class HazardNotes
{
    private const string Rename = "give the top a name of its own for the same result everywhere";

    /// <summary>
    /// One note for each layer of a net whose memory Atl does not share, or whose results differ in BVLC Caffe.
    /// </summary>
    /// <param name="nodes">The net, before remedies.</param>
    /// <param name="own">The hazards in Atl.</param>
    /// <param name="withBackward">Whether backward may follow forward.</param>
    public static IEnumerable<string> Of(IReadOnlyList<NetNode> nodes, IReadOnlyList<Hazard> own, bool withBackward)
    {
        HazardScan inBvlc = new(nodes, BvlcBackward.Reads, withBackward, isShown: static _ => false);
        IReadOnlyList<Hazard> there = inBvlc.Find();
        for (int i = 0; i < nodes.Count; i++)
        {
            Hazard[] here = [.. own.Where(hazard => hazard.Node == i && hazard.Remedy != HazardRemedy.ReadBottom)];
            foreach (Hazard hazard in here)
                yield return Describe(nodes, hazard, there.Any(other => IsSame(hazard, other)));
            foreach (Hazard hazard in there)
                if (hazard.Node == i && !Array.Exists(here, other => IsSame(hazard, other)))
                    yield return $"{Fault(nodes, hazard)}: BVLC Caffe computes something else; {Rename}";
            bool inPlace = nodes[i].Top.Exists(nodes[i].Bottom.Contains);
            LayerParameter layer = nodes[i].Layer.Parameter;
            if (inPlace && BvlcBackward.DiffersInPlace(layer, withBackward && nodes[i].NeedsBackward))
                yield return $"{SourceMap.Prefix(layer)}{Name(nodes[i].Layer)} runs in place: BVLC Caffe, which needs the "
                    + $"bottom that it writes over, computes something else; {Rename}";
        }
    }

    /// <summary>What one hazard is, and what Atl does.</summary>
    public static string Describe(IReadOnlyList<NetNode> nodes, Hazard hazard, bool differsInBvlc)
    {
        string there = differsInBvlc ? "; BVLC Caffe computes something else" : "";
        return Fault(nodes, hazard) + hazard.Remedy switch
        {
            HazardRemedy.OwnMemory => $": Atl gives the top memory of its own{there}; {Rename}",
            HazardRemedy.ReadBottom => ": backward reads that layer's bottom instead",
            HazardRemedy.OwnDiff => ": Atl stops the gradient here; in BVLC Caffe it flows on; "
                + "a Power layer in its place stops it everywhere",
            _ => ": Atl adds both gradients; BVLC Caffe loses that of the weight; "
                + "write loss_weight: 1 for the same result everywhere",
        };
    }

    private static bool IsSame(Hazard one, Hazard other) =>
        one.Node == other.Node && one.Top == other.Top && one.Bottom == other.Bottom;

    private static string Fault(IReadOnlyList<NetNode> nodes, Hazard hazard)
    {
        NetNode node = nodes[hazard.Node];
        string who = SourceMap.Prefix(node.Layer.Parameter) + Name(node.Layer), blob = node.Top[hazard.Top].Name;
        return hazard.Remedy switch
        {
            HazardRemedy.OwnDiff => $"{who} is to pass no gradient (propagate_down: false), "
                + $"but its top '{blob}' shares the diff of its bottom",
            HazardRemedy.AddLossWeight => $"{who}: its top '{blob}' has a loss weight by default "
                + "and a reader that gives it a gradient",
            _ => $"{who} runs in place on '{blob}' and writes over {Losses(nodes, hazard)}",
        };
    }

    private static string Losses(IReadOnlyList<NetNode> nodes, Hazard hazard) =>
        string.Join(" and ", hazard.Victims.Select(victim => Loss(nodes, victim)).Distinct());

    private static string Loss(IReadOnlyList<NetNode> nodes, HazardVictim victim)
    {
        string blob = $"'{Original(nodes, victim.Blob)}'";
        return victim.Kind switch
        {
            HazardKind.LaterReader => $"{blob}, which {Name(victim.Layer!)} reads later",
            HazardKind.Output => $"{blob}, an output of the net",
            HazardKind.Shown => $"{blob}, which is to be kept",
            HazardKind.OwnBottom => $"{blob}, another bottom of it",
            HazardKind.FilledOnce => $"{blob}, which {Name(victim.Layer!)} fills once, not at each forward",
            HazardKind.Gradient => $"the diff of {blob}, which propagate_down: false keeps from {Name(victim.Layer!)}",
            _ => $"{blob}, which {Name(victim.Layer!)} needs for its gradient",
        };
    }

    // The name that the prototxt has for a copy by an inserted Split.
    private static string Original(IReadOnlyList<NetNode> nodes, Blob blob)
    {
        NetNode? maker = nodes.FirstOrDefault(node => node.Top.Contains(blob));
        bool isCopy = maker is { Layer.Type: "Split" }
            && blob.Name.StartsWith(maker.Layer.Name + "_", StringComparison.Ordinal);
        return isCopy ? Original(nodes, maker!.Bottom[0]) : blob.Name;
    }

    private static string Name(Layer layer) => $"layer '{layer.Name}' ({layer.Type})";
}
