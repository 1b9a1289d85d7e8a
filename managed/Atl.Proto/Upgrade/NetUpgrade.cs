namespace Atl.Proto;

/// <summary>
/// Brings a net of any older format to the current one, in place, in Caffe's own order: V0 layers, transformation
/// fields in data layers, V1 layers, raw_data of NVIDIA/caffe, inputs at net level, learning rates of BatchNorm; then
/// single fields of layers. Places in the source file stay known.
/// </summary>
public static class NetUpgrade
{
    /// <summary>Upgrades the net and says in notes what was changed. A net of the current format stays as it
    /// is.</summary>
    /// <exception cref="AtlException">The old net can't be expressed in the current format.</exception>
    public static void Apply(NetParameter net, Action<string>? note = null)
    {
        string prefix = SourceMap.Find(net) is { } place ? $"{place.File}: " : "";
        void Say(string line) => note?.Invoke(prefix + line);

        if (net.MemParam is not null)
        {
            note?.Invoke($"{SourceMap.Prefix(net.MemParam)}mem_param is ignored: memory is shared wherever it can be");
            net.MemParam = null;
        }
        if (net.Layers.Count > 0 && net.Layer.Count > 0)
            throw new AtlException($"{SourceMap.Prefix(net.Layers[0])}'layers' (old format) beside 'layer' (current "
                + "format), expected one of them in a net");
        if (V0Upgrade.Apply(net, note) is > 0 and int v0)
            Say($"upgraded {Amount.Of(v0, "layer")} from the V0 format (layers {{ layer {{ … }} }})");
        if (DataTransformUpgrade.Apply(net) is > 0 and int transforms)
            Say($"moved the transformation fields of {Amount.Of(transforms, "data layer")} into transform_param");
        if (V1Upgrade.Apply(net) is > 0 and int v1)
            Say($"upgraded {Amount.Of(v1, "layer")} from the V1 format (layers {{ type: CONVOLUTION … }})");
        if (RawBlobs.Apply(net) is > 0 and int blobs)
            Say($"moved raw_data of {Amount.Of(blobs, "blob")} into data: the weights are NVIDIA/caffe's");
        if (InputUpgrade.Apply(net, note) is > 0 and int inputs)
            Say($"moved {Amount.Of(inputs, "input")} of the net into an Input layer");
        if (BatchNormUpgrade.Apply(net) is > 0 and int norms)
            Say($"set lr_mult and decay_mult to 0 in the three param entries of "
                + $"{Amount.Of(norms, "BatchNorm layer")}: statistics are not learned");
        DataTransformUpgrade.DropIgnored(net, note);
        if (FieldUpgrade.Apply(net) is { Count: > 0 } fields)
            Say($"upgraded {Amount.Of(fields.Count, "old field")} of layers: {string.Join(", ", fields.Distinct())}");
    }
}
