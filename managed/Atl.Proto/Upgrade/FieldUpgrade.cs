namespace Atl.Proto;

/// <summary>
/// Fields of layers that have a newer form take it: slice_dim and concat_dim become axis, loss_param.normalize becomes
/// normalization, ceil_mode becomes round_mode, and the four extents of DummyData become shapes. What contradicts
/// itself stays, for the layer to refuse.
/// </summary>
internal static class FieldUpgrade
{
    /// <summary>Upgrades the layers of a net in the current format; gives the name of every field that was
    /// changed.</summary>
    public static IReadOnlyList<string> Apply(NetParameter net) => [.. net.Layer.SelectMany(Apply)];

    private static List<string> Apply(LayerParameter layer)
    {
        List<string> changed = [];
        if (layer.SliceParam is { HasSliceDim: true, HasAxis: false, SliceDim: <= int.MaxValue } slice)
        {
            slice.Axis = (int)slice.SliceDim;
            slice.ClearSliceDim();
            changed.Add("slice_dim");
        }
        if (layer.ConcatParam is { HasConcatDim: true, HasAxis: false, ConcatDim: <= int.MaxValue } concat)
        {
            concat.Axis = (int)concat.ConcatDim;
            concat.ClearConcatDim();
            changed.Add("concat_dim");
        }
        if (layer.LossParam is { HasNormalize: true } loss)
        {
            // Caffe ignores normalize where normalization is given.
            if (!loss.HasNormalization)
                loss.Normalization = loss.Normalize
                    ? LossParameter.Types.NormalizationMode.Valid : LossParameter.Types.NormalizationMode.BatchSize;
            loss.ClearNormalize();
            changed.Add("normalize");
        }
        if (layer.PoolingParam is { HasCeilMode: true } pooling)
        {
            UpgradeRounding(layer, pooling);
            changed.Add("ceil_mode");
        }
        if (layer.DummyDataParam is { Num.Count: > 0, Shape.Count: 0 } dummy && TryUpgradeShapes(layer, dummy))
            changed.Add("num");
        return changed;
    }

    private static void UpgradeRounding(LayerParameter layer, PoolingParameter pooling)
    {
        PoolingParameter.Types.RoundMode mode =
            pooling.CeilMode ? PoolingParameter.Types.RoundMode.Ceil : PoolingParameter.Types.RoundMode.Floor;
        if (pooling.HasRoundMode && pooling.RoundMode != mode)
        {
            string both = pooling.CeilMode ? "ceil_mode: true and round_mode: FLOOR"
                : "ceil_mode: false and round_mode: CEIL";
            throw new AtlException(
                $"{SourceMap.Prefix(layer)}layer '{layer.Name}' ({layer.Type}): pooling_param has {both}, expected "
                    + "one of the two");
        }
        pooling.RoundMode = mode;
        pooling.ClearCeilMode();
    }

    private static bool TryUpgradeShapes(LayerParameter layer, DummyDataParameter dummy)
    {
        IList<uint>[] extents = [dummy.Num, dummy.Channels, dummy.Height, dummy.Width];
        int shapes = extents.Max(extent => extent.Count);
        bool oneForEachTop = shapes == 1 || shapes == layer.Top.Count;
        if (!oneForEachTop || extents.Any(extent => extent.Count != 1 && extent.Count != shapes))
            return false;
        for (int i = 0; i < shapes; i++)
        {
            BlobShape shape = new();
            foreach (IList<uint> extent in extents)
                shape.Dim.Add(extent[extent.Count == 1 ? 0 : i]);
            dummy.Shape.Add(shape);
        }
        foreach (IList<uint> extent in extents)
            extent.Clear();
        return true;
    }
}
