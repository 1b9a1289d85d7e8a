using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Linting;

/// <summary>Trained weights, and what of a net they would leave without.</summary>
/// <param name="weights">The weights in the order in which they are loaded.</param>
internal sealed class WeightsComparison(IReadOnlyList<WeightsFile> weights)
{
    /// <summary>Compares the parameters of a net, which may be made for its shapes only, by the names of
    /// layers.</summary>
    public LintedWeights Compare(Net net)
    {
        WeightsReport report = WeightsReport.Of(net, weights);
        List<string> misfits = [];
        foreach (WeightsFile file in weights)
            foreach (LayerParameter stored in file.Content.Layer.Where(stored => stored.Blobs.Count > 0))
                if (net.FindLayer(stored.Name) is { } layer && Misfit(stored, layer) is { } misfit)
                    misfits.Add(LayerException.Describe(layer.Parameter, $"{file.Name}: {misfit}"));
        IEnumerable<string> missing = report.Missing.Select(layer => LayerException.Describe(layer.Layer.Parameter,
            layer.Reason));
        return new LintedWeights([.. missing], misfits, [.. report.Ignored.Distinct()]);
    }

    private static string? Misfit(LayerParameter stored, Layer layer)
    {
        if (stored.Blobs.Count != layer.Blobs.Count)
            return $"the weights have {stored.Blobs.Count} parameters, the net has {layer.Blobs.Count}";
        for (int i = 0; i < stored.Blobs.Count; i++)
        {
            BlobProto blob = stored.Blobs[i];
            if (StoredBlobs.FindFault(blob) is { } fault) return $"blobs[{i}] of the weights: {fault}";
            if (!StoredBlobs.IsAbsent(blob) && !layer.Blobs[i].ShapeEquals(blob))
                return $"parameter {i} of the weights has shape {blob.StoredShape()}, the net's has "
                    + $"{layer.Blobs[i].Shape}";
        }
        return null;
    }
}
