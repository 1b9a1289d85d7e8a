using Atl.Proto;

namespace Atl.Tools;

/// <summary>The difference of one parameter between two sets of weights.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Parameter">The parameter's number.</param>
/// <param name="ShapeA">Its shape in the first; null where it is not there.</param>
/// <param name="ShapeB">Its shape in the second; null where it is not there.</param>
/// <param name="MaxAbsolute">max |a − b|.</param>
/// <param name="Relative">max |a − b| / max |a|.</param>
/// <param name="Cosine">a·b / (|a|·|b|); 1 where both are zero.</param>
internal sealed record WeightsDifference(
    string Layer, int Parameter, Shape? ShapeA, Shape? ShapeB, double? MaxAbsolute = null, double? Relative = null,
    double? Cosine = null)
{
    /// <summary>Whether the difference is more than a tolerance, or is unknown.</summary>
    public bool Exceeds(double tolerance) => !(MaxAbsolute <= tolerance);

    /// <summary>
    /// Compares layer by layer, by name, and those of one name in their order; parameters that only one has are listed
    /// too.
    /// </summary>
    public static IReadOnlyList<WeightsDifference> Between(NetParameter a, NetParameter b)
    {
        List<WeightsDifference> differences = [];
        List<LayerParameter> others = [.. b.Layer.Where(layer => layer.Blobs.Count > 0)];
        ILookup<string, LayerParameter> named = others.ToLookup(layer => layer.Name);
        Dictionary<string, int> met = [];
        foreach (LayerParameter layer in a.Layer.Where(layer => layer.Blobs.Count > 0))
        {
            int before = met.GetValueOrDefault(layer.Name);
            met[layer.Name] = before + 1;
            LayerParameter? other = named[layer.Name].ElementAtOrDefault(before);
            if (other is not null) others.Remove(other);
            for (int i = 0; i < Math.Max(layer.Blobs.Count, other?.Blobs.Count ?? 0); i++)
                Add(layer.Name, i, Stored(layer, i), Stored(other, i));
        }
        foreach (LayerParameter layer in others)
            for (int i = 0; i < layer.Blobs.Count; i++) Add(layer.Name, i, null, Stored(layer, i));
        return differences;

        void Add(string layer, int index, BlobProto? first, BlobProto? second)
        {
            if (first is not null || second is not null) differences.Add(Compare(layer, index, first, second));
        }
    }

    // Null also where the message stands for a parameter that another layer stores.
    private static BlobProto? Stored(LayerParameter? layer, int index) =>
        layer?.Blobs.ElementAtOrDefault(index) is { } blob && !StoredBlobs.IsAbsent(blob) ? blob : null;

    private static WeightsDifference Compare(string layer, int index, BlobProto? a, BlobProto? b)
    {
        if (a is null || b is null || !new Blob(a.StoredShape()).ShapeEquals(b))
            return new WeightsDifference(layer, index, a?.StoredShape(), b?.StoredShape());
        using Blob first = a.ToBlob(), second = b.ToBlob();
        ReadOnlySpan<float> x = first.Data.AsReadOnlySpan(), y = second.Data.AsReadOnlySpan();
        double most = 0, largest = 0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            // Equal infinities do not differ; a NaN does from anything.
            double difference = x[i] == y[i] ? 0 : Math.Abs((double)x[i] - y[i]);
            most = Math.Max(most, difference);
            largest = Math.Max(largest, Math.Abs(x[i]));
            xx += (double)x[i] * x[i];
            yy += (double)y[i] * y[i];
            xy += (double)x[i] * y[i];
        }
        double cosine = xx == 0 && yy == 0 ? 1 : xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy);
        return new WeightsDifference(layer, index, a.StoredShape(), b.StoredShape(), most, most == 0
            ? 0 : most / largest, cosine);
    }
}
