namespace Atl.Nets;

/// <summary>Changes a net's nodes so that its hazards do no harm.</summary>
internal static class HazardRemedies
{
    /// <summary>Applies the remedies; gives the blobs that a later value of the same name takes the place of.</summary>
    public static IReadOnlyDictionary<Blob, Blob> Apply(IReadOnlyList<Hazard> hazards, IReadOnlyList<NetNode> nodes)
    {
        Dictionary<Blob, Blob> later = [];
        foreach (Hazard hazard in hazards)
        {
            NetNode node = nodes[hazard.Node];
            switch (hazard.Remedy)
            {
                case HazardRemedy.OwnMemory:
                    Blob old = node.Top[hazard.Top], own = new(old.Shape, old.Name);
                    later[old] = own;
                    node.Top[hazard.Top] = own;
                    if (!hazard.Has(HazardKind.Gradient)) node.DiffsInPlace.Add((hazard.Top, hazard.Bottom));
                    foreach (NetNode reader in nodes.Skip(hazard.Node + 1))
                    {
                        Replace(reader.Bottom, old, own);
                        Replace(reader.Top, old, own);
                    }
                    break;
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
        }
        if (hazards.Count > 0)
            foreach (NetNode node in nodes) node.Reshape();
        return later;
    }

    private static void Replace(List<Blob> blobs, Blob old, Blob own)
    {
        for (int i = 0; i < blobs.Count; i++)
            if (blobs[i] == old)
                blobs[i] = own;
    }
}
