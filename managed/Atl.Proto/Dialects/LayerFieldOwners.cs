using System.Collections.Frozen;

namespace Atl.Proto;

/// <summary>
/// Which layer types own a number of a binary LayerParameter. Caffes gave one number to several messages and one
/// message several numbers; the layer's type distinguishes them. From 130 on a number is read as the schema's message
/// only in a layer of a type that owns it.
/// </summary>
internal static class LayerFieldOwners
{
    /// <summary>The first number over which Caffes disagree.</summary>
    public const int First = 130;

    /// <summary>The last number that can be set aside: tags from 16 to 2047 have one length.</summary>
    public const int Last = 2047 - Aside;

    /// <summary>The offset of the numbers of other Caffes' messages, which keeps them apart.</summary>
    public const int Aside = 1000;

    private static readonly FrozenDictionary<int, string[]> Owners = new Dictionary<int, string[]>
    {
        [LayerParameter.PythonParamFieldNumber] = ["Python"],
        [LayerParameter.PreluParamFieldNumber] = ["PReLU"],
        [LayerParameter.SppParamFieldNumber] = ["SPP"],
        [LayerParameter.ReshapeParamFieldNumber] = ["Reshape"],
        [LayerParameter.LogParamFieldNumber] = ["Log"],
        [LayerParameter.FlattenParamFieldNumber] = ["Flatten"],
        [LayerParameter.ReductionParamFieldNumber] = ["Reduction"],
        [LayerParameter.EmbedParamFieldNumber] = ["Embed"],
        [LayerParameter.TileParamFieldNumber] = ["Tile"],
        [LayerParameter.BatchNormParamFieldNumber] = ["BatchNorm"],
        [LayerParameter.EluParamFieldNumber] = ["ELU"],
        [LayerParameter.BiasParamFieldNumber] = ["Bias"],
        [LayerParameter.ScaleParamFieldNumber] = ["Scale"],
        [LayerParameter.InputParamFieldNumber] = ["Input"],
        [LayerParameter.CropParamFieldNumber] = ["Crop"],
        [LayerParameter.ParameterParamFieldNumber] = ["Parameter"],
        [LayerParameter.RecurrentParamFieldNumber] = ["RNN", "LSTM"],
        [LayerParameter.MarginInnerProductParamFieldNumber] = ["MarginInnerProduct"],
        [LayerParameter.ClipParamFieldNumber] = ["Clip"],
        [LayerParameter.SwishParamFieldNumber] = ["Swish"],
        [LayerParameter.PermuteParamFieldNumber] = ["Permute"],
        [LayerParameter.PriorBoxParamFieldNumber] = ["PriorBox"],
        [LayerParameter.DetectionOutputParamFieldNumber] = ["DetectionOutput"],
        [LayerParameter.NormParamFieldNumber] = ["Normalize"],
        [LayerParameter.CenterLossParamFieldNumber] = ["CenterLoss"],
        [LayerParameter.FlipParamFieldNumber] = ["Flip"],
        [LayerParameter.NormalizeParamFieldNumber] = ["Normalize"],
        [LayerParameter.LabelSpecificRescaleParamFieldNumber] = ["LabelSpecificRescale"],
        [LayerParameter.ChannelScaleParamFieldNumber] = ["ChannelScale"],
        [LayerParameter.LabelSpecificAddParamFieldNumber] = ["LabelSpecificAdd"],
        [LayerParameter.CosinAddMParamFieldNumber] = ["CosinAddm"],
        [LayerParameter.CombinedMarginParamFieldNumber] = ["CombinedMargin"],
        [LayerParameter.AdditiveMarginParamFieldNumber] = ["AdditiveMargin"],
        [LayerParameter.ShuffleChannelParamFieldNumber] = ["ShuffleChannel"],
        [LayerParameter.InterpParamFieldNumber] = ["Interp"],
        [LayerParameter.UpsampleParamFieldNumber] = ["Upsample"],
        [LayerParameter.BnParamFieldNumber] = ["BN"],
        [LayerParameter.RoiPoolingParamFieldNumber] = ["ROIPooling"],
        [LayerParameter.SmoothL1LossParamFieldNumber] = ["SmoothL1Loss"],
    }.ToFrozenDictionary();

    // Numbers of other Caffes whose message is the schema's.
    private static readonly FrozenDictionary<(string, int), int> Elsewhere = new Dictionary<(string, int), int>
    {
        [("Swish", 147)] = LayerParameter.SwishParamFieldNumber,
        [("CenterLoss", 147)] = LayerParameter.CenterLossParamFieldNumber,
        [("CenterLoss", 175)] = LayerParameter.CenterLossParamFieldNumber,
        [("MarginInnerProduct", 174)] = LayerParameter.MarginInnerProductParamFieldNumber,
        [("MarginInnerProduct", 232)] = LayerParameter.MarginInnerProductParamFieldNumber,
        [("LabelSpecificAdd", 177)] = LayerParameter.LabelSpecificAddParamFieldNumber,
        [("CosinAddm", 179)] = LayerParameter.CosinAddMParamFieldNumber,
        [("CombinedMargin", 151)] = LayerParameter.CombinedMarginParamFieldNumber,
        [("CombinedMargin", 156)] = LayerParameter.CombinedMarginParamFieldNumber,
        [("ChannelScale", 181)] = LayerParameter.ChannelScaleParamFieldNumber,
        [("Flip", 182)] = LayerParameter.FlipParamFieldNumber,
        [("Normalize", 170)] = LayerParameter.NormalizeParamFieldNumber,
        [("Permute", 172)] = LayerParameter.PermuteParamFieldNumber,
        [("Permute", 224)] = LayerParameter.PermuteParamFieldNumber,
        [("PriorBox", 165)] = LayerParameter.PriorBoxParamFieldNumber,
        [("DetectionOutput", 169)] = LayerParameter.DetectionOutputParamFieldNumber,
        [("Crop", 167)] = LayerParameter.CropParamFieldNumber,
        [("RNN", 151)] = LayerParameter.RecurrentParamFieldNumber,
        [("LSTM", 151)] = LayerParameter.RecurrentParamFieldNumber,
        [("ShuffleChannel", 164)] = LayerParameter.ShuffleChannelParamFieldNumber,
        [("ShuffleChannel", 166)] = LayerParameter.ShuffleChannelParamFieldNumber,
        [("Interp", 143)] = LayerParameter.InterpParamFieldNumber,
        [("Interp", 162)] = LayerParameter.InterpParamFieldNumber,
        [("Upsample", 137)] = LayerParameter.UpsampleParamFieldNumber,
        [("Upsample", 149)] = LayerParameter.UpsampleParamFieldNumber,
        [("Upsample", 150)] = LayerParameter.UpsampleParamFieldNumber,
        [("BN", 137)] = LayerParameter.BnParamFieldNumber,
        [("BN", 152)] = LayerParameter.BnParamFieldNumber,
        [("BN", 160)] = LayerParameter.BnParamFieldNumber,
        [("BN", 200)] = LayerParameter.BnParamFieldNumber,
        [("Scale", 160)] = LayerParameter.ScaleParamFieldNumber,
        [("Bias", 161)] = LayerParameter.BiasParamFieldNumber,
    }.ToFrozenDictionary();

    /// <summary>The layer types that own a number, from <see cref="First"/> on; none where it is no number of the
    /// schema.</summary>
    public static IReadOnlyList<string> OwnersOf(int number) => Owners.TryGetValue(number, out string[]? owners)
        ? owners : [];

    /// <summary>The number under which a field of a layer of some type is read: that of the schema's message, or one
    /// set aside.</summary>
    public static int OnReading(string type, int number)
    {
        if (Elsewhere.TryGetValue((type, number), out int known)) return known;
        return number is >= First and <= Last && Owners.TryGetValue(number, out string[]? owners)
            && !owners.Contains(type) ? number + Aside : number;
    }

    /// <summary>The number under which a field is written: BVLC's for Swish, and for what was set aside the one that it
    /// came with.</summary>
    public static int OnWriting(string type, int number)
    {
        if (type == "Swish" && number == LayerParameter.SwishParamFieldNumber)
            return LayerParameter.MarginInnerProductParamFieldNumber;
        return number is >= First + Aside and <= Last + Aside && Owners.TryGetValue(number - Aside,
            out string[]? owners) && !owners.Contains(type) ? number - Aside : number;
    }
}
