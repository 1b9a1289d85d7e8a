namespace Atl.Proto;

/// <summary>
/// Older nets gave BatchNorm three param entries to keep the solver away from its statistics. The layer does that itself now,
/// and Caffe drops the three entries on load; any other number of entries is left to the layer.
/// </summary>
internal static class BatchNormUpgrade
{
    private const int StatisticsBlobs = 3;

    /// <summary>Upgrades the net and returns the number of layers changed.</summary>
    public static int Apply(NetParameter net)
    {
        int changed = 0;
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer.Type != "BatchNorm" || layer.Param.Count != StatisticsBlobs)
                continue;
            layer.Param.Clear();
            changed++;
        }
        return changed;
    }
}
