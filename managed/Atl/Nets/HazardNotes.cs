using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Says what hazards a net has: layer, blob, line, what Atl does, what BVLC Caffe does, and what to write instead.
/// </summary>
/// <param name="nodes">The net, before remedies.</param>
/// <param name="readers">The readers of its blobs.</param>
internal sealed class HazardNotes(IReadOnlyList<NetNode> nodes, BlobReaders readers)
{
    private const string Rename = "give the top a name of its own for the same result everywhere";
    private const int LossesShown = 8;

    // The first layer that makes each blob.
    private readonly Lazy<Dictionary<Blob, NetNode>> _makers = new(() =>
    {
        Dictionary<Blob, NetNode> makers = [];
        foreach (NetNode node in nodes)
            foreach (Blob top in node.Top) makers.TryAdd(top, node);
        return makers;
    });

    /// <summary>
    /// One note for each layer of a net whose memory Atl does not share, or whose results differ in BVLC Caffe.
    /// </summary>
    /// <param name="own">The hazards in Atl.</param>
    /// <param name="withBackward">Whether backward may follow forward.</param>
    public IEnumerable<string> Of(IReadOnlyList<Hazard> own, bool withBackward)
    {
        // Of most nets no layer reads anything else there.
        IReadOnlyList<Hazard> inBvlc = nodes.Any(node => BvlcBackward.MayReadOtherwise(node.Layer))
            ? new HazardScan(nodes, readers, BvlcBackward.Reads, withBackward, isShown: static _ => false).Find()
            : own;
        ILookup<int, Hazard> there = inBvlc.ToLookup(hazard => hazard.Node);
        ILookup<int, Hazard> all = own.Where(hazard => hazard.Remedy != HazardRemedy.ReadBottom)
            .ToLookup(hazard => hazard.Node);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (all.Contains(i) || there.Contains(i))
                foreach (string note in Of(all[i], there[i]))
                    yield return note;
            if (RunsInPlace(nodes[i])
                && BvlcBackward.DiffersInPlace(nodes[i].Layer.Parameter, withBackward && nodes[i].NeedsBackward))
                yield return $"{SourceMap.Prefix(nodes[i].Layer.Parameter)}{Name(nodes[i].Layer)} runs in place: BVLC "
                    + $"Caffe, which needs the overwritten bottom, computes something else; {Rename}";
        }
    }

    // The notes on one layer's hazards.
    private IEnumerable<string> Of(IEnumerable<Hazard> own, IEnumerable<Hazard> there)
    {
        HashSet<(int, int)> here = [.. own.Select(Place)], differing = [.. there.Select(Place)];
        foreach (Hazard hazard in own)
            yield return Describe(hazard, differing.Contains(Place(hazard)));
        foreach (Hazard hazard in there)
            if (!here.Contains(Place(hazard)))
                yield return $"{Fault(hazard)}: BVLC Caffe computes something else; {Rename}";
    }

    /// <summary>Describes one hazard and its remedy in Atl.</summary>
    public string Describe(Hazard hazard, bool differsInBvlc)
    {
        string there = differsInBvlc ? "; BVLC Caffe computes something else" : "";
        return Fault(hazard) + hazard.Remedy switch
        {
            HazardRemedy.OwnMemory => $": Atl gives the top memory of its own{there}; {Rename}",
            HazardRemedy.ReadBottom => ": backward reads that layer's bottom instead",
            HazardRemedy.OwnDiff => ": Atl stops the gradient here; in BVLC Caffe it flows on; replace it with a Power "
                + "layer to stop it everywhere",
            _ => ": Atl adds both gradients; BVLC Caffe loses that of the weight; "
                + "write loss_weight: 1 for the same result everywhere",
        };
    }

    private static (int Top, int Bottom) Place(Hazard hazard) => (hazard.Top, hazard.Bottom);

    private static bool RunsInPlace(NetNode node) => CommonBlobs.Any(node.Top, node.Bottom);

    private string Fault(Hazard hazard)
    {
        NetNode node = nodes[hazard.Node];
        string who = SourceMap.Prefix(node.Layer.Parameter) + Name(node.Layer), blob = node.Top[hazard.Top].Name;
        return hazard.Remedy switch
        {
            HazardRemedy.OwnDiff => $"{who} is to pass no gradient (propagate_down: false), "
                + $"but its top '{blob}' shares the diff of its bottom",
            HazardRemedy.AddLossWeight => $"{who}: its top '{blob}' has a loss weight by default "
                + "and a reader that gives it a gradient",
            _ => $"{who} runs in place on '{blob}' and overwrites {Losses(hazard)}",
        };
    }

    private string Losses(Hazard hazard)
    {
        string[] losses = [.. hazard.Victims.Select(Loss).Distinct().Take(LossesShown + 1)];
        string shown = string.Join(" and ", losses.Take(LossesShown));
        return losses.Length > LossesShown ? $"{shown} and more" : shown;
    }

    private string Loss(HazardVictim victim)
    {
        string blob = $"'{Original(victim.Blob)}'";
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
    private string Original(Blob blob)
    {
        bool isCopy = _makers.Value.TryGetValue(blob, out NetNode? maker) && maker.Layer.Type == "Split"
            && blob.Name.StartsWith(maker.Layer.Name + "_", StringComparison.Ordinal);
        return isCopy ? Original(maker!.Bottom[0]) : blob.Name;
    }

    private static string Name(Layer layer) => $"layer '{layer.Name}' ({layer.Type})";
}
