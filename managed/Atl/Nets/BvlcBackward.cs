using Atl.Layers;
using Atl.Proto;

namespace Atl.Nets;

/// <summary>
/// Which data the backward of BVLC Caffe's layers reads, where that is not what Atl's reads: from its sources, for
/// notes on nets whose gradients differ there.
/// </summary>
internal static class BvlcBackward
{
    /// <summary>The blobs that a layer's backward reads there.</summary>
    public static BackwardReads Reads(Layer layer, bool inPlace) =>
        ReadsThere(layer, inPlace) ?? layer.ReadInBackward(inPlace);

    /// <summary>Whether that may be something else than what it reads here.</summary>
    public static bool MayReadOtherwise(Layer layer) =>
        ReadsThere(layer, inPlace: false) is not null || ReadsThere(layer, inPlace: true) is not null;

    // Null where it is what the layer reads here.
    private static BackwardReads? ReadsThere(Layer layer, bool inPlace) => layer.Type switch
    {
        "ReLU" when inPlace && !(layer.Parameter.ReluParam?.NegativeSlope < 0) =>
            BackwardReads.FirstBottom | BackwardReads.SignOfTops,
        "ReLU" or "AbsVal" or "BNLL" or "Clip" or "Log" => BackwardReads.FirstBottom,
        "Power" when !PowerNeedsInput(layer.Parameter) => BackwardReads.Nothing,
        "Power" or "ELU" or "LRN" => BackwardReads.FirstBottom | BackwardReads.Tops,
        "Swish" => BackwardReads.Tops,
        "PReLU" when inPlace => BackwardReads.Nothing,
        _ => null,
    };

    /// <summary>Whether the layer alone gives other results there when it runs in place.</summary>
    public static bool DiffersInPlace(LayerParameter layer, bool withBackward) => layer.Type switch
    {
        "Eltwise" => true,
        "AbsVal" or "BNLL" or "Clip" or "Log" => withBackward,
        "Power" => withBackward && PowerNeedsInput(layer),
        "ReLU" => withBackward && layer.ReluParam is { NegativeSlope: < 0 },
        _ => false,
    };

    private static bool PowerNeedsInput(LayerParameter layer) =>
        layer.PowerParam is { Power: not (0 or 1), Scale: not 0 };
}
