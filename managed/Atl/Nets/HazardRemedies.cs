namespace Atl.Nets;

/// <summary>Changes a net's nodes so that its hazards do no harm.</summary>
internal static class HazardRemedies
{
    /// <summary>
    /// Applies the remedies, of hazards in the order of the layers; gives the blobs that a later value of the same name
    /// takes the place of.
    /// </summary>
    /// <param name="hazards">The hazards.</param>
    /// <param name="nodes">The net.</param>
    /// <param name="blobs">How many blobs it has.</param>
    public static IReadOnlyDictionary<Blob, Blob> Apply(
        IReadOnlyList<Hazard> hazards, IReadOnlyList<NetNode> nodes, int blobs)
    {
        Dictionary<Blob, Blob> later = [];
        if (hazards.Count == 0) return later;
        // What stands for a blob of the prototxt from here on, and which blob each of these stands for.
        Dictionary<Blob, Blob> newest = [], original = [];
        int next = 0;
        for (int i = 0; i < nodes.Count; i++)
        {
            NetNode node = nodes[i];
            Replace(node.Bottom, newest);
            Replace(node.Top, newest);
            for (; next < hazards.Count && hazards[next].Node == i; next++)
                if (Apply(hazards[next], node, blobs + later.Count) is var (old, own))
                {
                    later[old] = own;
                    original[own] = original.GetValueOrDefault(old, old);
                    newest[original[own]] = own;
                }
        }
        foreach (NetNode node in nodes) node.Reshape();
        return later;
    }

    // A top that gets memory of its own is another blob.
    private static (Blob Old, Blob Own)? Apply(Hazard hazard, NetNode node, int index)
    {
        switch (hazard.Remedy)
        {
            case HazardRemedy.OwnMemory:
                Blob old = node.Top[hazard.Top], own = new(old.Shape, old.Name) { Index = index };
                node.Top[hazard.Top] = own;
                if (!hazard.Has(HazardKind.Gradient)) node.DiffsInPlace.Add((hazard.Top, hazard.Bottom));
                return (old, own);
            case HazardRemedy.ReadBottom:
                foreach (HazardVictim victim in hazard.Victims) victim.Layer!.ReadsBottom = true;
                break;
            case HazardRemedy.OwnDiff:
                node.Layer.PassesGradient = false;
                break;
            case HazardRemedy.AddLossWeight:
                node.AddedLossWeights.Add(hazard.Top);
                break;
        }
        return null;
    }

    private static void Replace(List<Blob> blobs, Dictionary<Blob, Blob> newest)
    {
        for (int i = 0; i < blobs.Count; i++)
            if (newest.TryGetValue(blobs[i], out Blob? own))
                blobs[i] = own;
    }
}
