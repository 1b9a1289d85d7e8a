using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>
/// V1 layers (<c>layers { type: CONVOLUTION blobs_lr: 1 weight_decay: 1 }</c>) become current ones: the type's enum
/// value becomes its name; param, blob_share_mode, blobs_lr and weight_decay become one param entry per blob; the
/// layer's parameter messages are the same.
/// </summary>
internal static class V1Upgrade
{
    // Both formats hold the same messages (convolution_param, …) under the same names and different numbers.
    private static readonly (FieldDescriptor Old, FieldDescriptor New)[] ParameterMessages =
    [
        .. from field in V1LayerParameter.Descriptor.Fields.InFieldNumberOrder()
           where field.FieldType == FieldType.Message && !field.IsRepeated
           let same = LayerParameter.Descriptor.FindFieldByName(field.Name)
           where same is not null
           select (field, same),
    ];

    /// <summary>Upgrades the net and returns the number of layers changed.</summary>
    public static int Apply(NetParameter net)
    {
        int changed = net.Layers.Count;
        foreach (V1LayerParameter old in net.Layers)
            net.Layer.Add(Convert(old));
        net.Layers.Clear();
        return changed;
    }

    private static LayerParameter Convert(V1LayerParameter old)
    {
        LayerParameter layer = new();
        SourceMap.Copy(old, layer);
        if (old.HasName)
            layer.Name = old.Name;
        if (old.HasType)
            layer.Type = V1LayerTypes.Name(old.Type) ?? throw UnknownType(old);
        layer.Bottom.Add(old.Bottom);
        layer.Top.Add(old.Top);
        layer.Include.Add(old.Include);
        layer.Exclude.Add(old.Exclude);
        layer.LossWeight.Add(old.LossWeight);
        layer.Blobs.Add(old.Blobs);
        AddParams(old, layer);
        CopyParameterMessages(old, layer);
        return layer;
    }

    private static void AddParams(V1LayerParameter old, LayerParameter layer)
    {
        int count = Math.Max(Math.Max(old.Param.Count, old.BlobShareMode.Count),
            Math.Max(old.BlobsLr.Count, old.WeightDecay.Count));
        for (int i = 0; i < count; i++)
        {
            ParamSpec param = new();
            SourceMap.Copy(old, param);
            if (i < old.Param.Count)
                param.Name = old.Param[i];
            if (i < old.BlobShareMode.Count)
                param.ShareMode = (ParamSpec.Types.DimCheckMode)old.BlobShareMode[i];
            if (i < old.BlobsLr.Count)
                param.LrMult = old.BlobsLr[i];
            if (i < old.WeightDecay.Count)
                param.DecayMult = old.WeightDecay[i];
            layer.Param.Add(param);
        }
    }

    private static void CopyParameterMessages(V1LayerParameter old, LayerParameter layer)
    {
        foreach ((FieldDescriptor field, FieldDescriptor target) in ParameterMessages)
            if (field.Accessor.GetValue(old) is IMessage message)
                target.Accessor.SetValue(layer, message);
    }

    private static AtlException UnknownType(V1LayerParameter old) =>
        new($"{SourceMap.Prefix(old)}layer '{old.Name}' has the V1 type {(int)old.Type}, expected the number of a "
            + "V1 layer type");
}
