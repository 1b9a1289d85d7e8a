namespace Atl.Proto;

/// <summary>
/// Older nets gave BatchNorm three param entries to keep the solver away from its statistics. The layer does that
/// itself now, and Caffe sets lr_mult and decay_mult of the three to 0 on load; their names, which share statistics
/// between layers, stay. Any other number of entries is left to the layer.
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
            if (layer.Type != "BatchNorm" || layer.Param.Count != StatisticsBlobs || layer.Param.All(IsStill)) continue;
            foreach (ParamSpec param in layer.Param) (param.LrMult, param.DecayMult) = (0, 0);
            changed++;
        }
        return changed;
    }

    private static bool IsStill(ParamSpec param) => param.LrMult == 0 && param.HasDecayMult && param.DecayMult == 0;
}
