using Atl.Layers;
using Atl.Nets;
using Atl.Proto;

namespace Atl.Linting;

/// <summary>
/// The demands that a layer that could not be shaped puts on data of assumed shape. A label takes the shape that its
/// loss compares, boxes have five numbers, and bottoms of recurrent layers are steps × sequences. Demands are followed
/// upwards through layers that change one value at a time, such as Slice and Embed.
/// </summary>
/// <param name="layers">The layers of the phase, in order and without splits.</param>
/// <param name="assumed">The tops whose shape is assumed.</param>
/// <param name="image">Channels × height × width of images whose prototxt states none.</param>
internal sealed class ShapeDemands(IReadOnlyList<LayerParameter> layers, IReadOnlyList<AssumedTop> assumed, Shape image)
{
    private const int LargestBatch = 1 << 16;

    private static readonly HashSet<string> ValueByValue =
    [
        "AbsVal", "BatchNorm", "Bias", "BN", "BNLL", "Clip", "Dropout", "ELU", "Exp", "Log", "MVN", "Power", "PReLU",
        "ReLU", "ReLU6", "Scale", "Sigmoid", "Split", "Swish", "TanH", "Threshold",
    ];

    private static readonly HashSet<string> OfImages =
    [
        "Convolution", "ConvolutionDepthwise", "Deconvolution", "DepthwiseConvolution", "Im2col", "Interp", "LRN",
        "Pooling", "PriorBox", "SPP", "ShuffleChannel", "Upsample",
    ];

    private readonly Dictionary<string, Shape> _found = new(StringComparer.Ordinal);

    private readonly Lazy<Dictionary<string, AssumedTop>> _assumed = new(() =>
    {
        Dictionary<string, AssumedTop> byName = new(StringComparer.Ordinal);
        foreach (AssumedTop top in assumed) byName.TryAdd(top.Name, top);
        return byName;
    });

    // The layers that make each blob, in order.
    private readonly Lazy<Dictionary<string, List<int>>> _makers = new(() =>
    {
        Dictionary<string, List<int>> makers = new(StringComparer.Ordinal);
        for (int i = 0; i < layers.Count; i++)
            foreach (string top in layers[i].Top)
            {
                if (!makers.TryGetValue(top, out List<int>? of)) makers[top] = of = [];
                of.Add(i);
            }
        return makers;
    });

    /// <summary>The shapes that would suit the layer, by the names of tops of an assumed shape; empty where none
    /// would.</summary>
    public IReadOnlyDictionary<string, Shape> Of(LayerException failure)
    {
        if (IndexOf(failure) is not { } index || failure.Bottoms.Count == 0) return _found;
        LayerParameter layer = layers[index];
        Shape[] bottoms = [.. failure.Bottoms.Select(bottom => new Shape([.. bottom.Shape]))];
        for (int i = 0; i < bottoms.Length; i++)
        {
            try
            {
                if (Wanted(layer, bottoms, i) is { } wanted && !wanted.Equals(bottoms[i]))
                    Follow(layer.Bottom[i], index, wanted);
            }
            catch (ShapeException)
            {
                // An axis that the bottom lacks, or more elements than there can be: it tells nothing.
            }
        }
        if (_found.Count == 0 && FixedCount(layer) is { } count) Rebatch(bottoms[0], count);
        return _found;
    }

    /// <summary>The tops of assumed shape from which the bottoms of a layer come.</summary>
    public IReadOnlyList<AssumedTop> Behind(LayerException failure)
    {
        if (IndexOf(failure) is not { } index) return [];
        // The blobs that the layer's bottoms come from, on the way up.
        HashSet<string> wanted = new(layers[index].Bottom, StringComparer.Ordinal),
            behind = new(StringComparer.Ordinal);
        for (int i = index - 1; i >= 0; i--)
        {
            LayerParameter layer = layers[i];
            if (!layer.Top.Any(wanted.Contains)) continue;
            if (layer.Bottom.Count == 0) behind.UnionWith(layer.Top.Where(wanted.Contains));
            wanted.ExceptWith(layer.Top);
            wanted.UnionWith(layer.Bottom);
        }
        return [.. assumed.Where(top => behind.Contains(top.Name))];
    }

    /// <summary>Which layer failed; null where it is not among them.</summary>
    public int? IndexOf(LayerException failure)
    {
        SourceLocation? place = SourceMap.Find(failure.Parameter);
        for (int i = 0; i < layers.Count; i++)
            if (layers[i].Name == failure.Parameter.Name && layers[i].Type == failure.Parameter.Type
                && SourceMap.Find(layers[i]) == place)
                return i;
        return null;
    }

    private Shape? Wanted(LayerParameter layer, Shape[] bottoms, int i)
    {
        Shape first = bottoms[0];
        switch (layer.Type)
        {
            case "EuclideanLoss" or "SigmoidCrossEntropyLoss" or "SmoothL1Loss" or "Eltwise":
                return bottoms.Length < 2 ? null : i == 0 ? bottoms[1] : first;
            case "SoftmaxWithLoss" when i == 1:
                return WithoutAxis(first, layer.SoftmaxParam?.Axis ?? 1);
            case "InfogainLoss" when i == 1:
                return WithoutAxis(first, layer.InfogainLossParam?.Axis ?? 1);
            case "Accuracy" when i == 1:
                return WithoutAxis(first, layer.AccuracyParam?.Axis ?? 1);
            case "HingeLoss" or "MultinomialLogisticLoss" or "CenterLoss" or "MarginInnerProduct" or "LabelSpecificAdd"
                or "LabelSpecificRescale" or "CosinAddm" or "CombinedMargin" or "AdditiveMargin" or "BatchReindex"
                when i == 1:
            case "ContrastiveLoss" when i == 2:
            case "Filter" when i == bottoms.Length - 1:
                return new Shape(first.Legacy(0));
            case "ROIPooling" when i == 1:
                return new Shape(bottoms[1].Legacy(0), 5);
            case "RNN" or "LSTM":
                return OfRecurrence(bottoms, i);
            case "Scale" or "Bias" when i == 1:
                int axis = layer.Type == "Scale" ? layer.ScaleParam?.Axis ?? 1 : layer.BiasParam?.Axis ?? 1;
                return new Shape(first.Dims[first.CanonicalAxis(axis)..]);
            case "Concat" when bottoms.Length > 1:
                Shape other = bottoms[i == 0 ? 1 : 0];
                int joined = other.CanonicalAxis(layer.ConcatParam?.Axis ?? 1);
                return other.With(joined, bottoms[i].NumAxes == other.NumAxes ? bottoms[i][joined] : 1);
            case "Slice":
                return ToSlice(layer, first);
            case "Reshape" when FixedCount(layer) is not null:
                return new Shape([.. layer.ReshapeParam.Shape.Dim.Select(dim => (int)dim)]);
            default:
                bool takesImages = OfImages.Contains(layer.Type) ? bottoms[i].NumAxes != 4
                    : layer.Type is "InnerProduct" or "MarginInnerProduct" && bottoms[i].NumAxes == 1;
                return takesImages ? new Shape(bottoms[i].Legacy(0), image[0], image[1], image[2]) : null;
        }
    }

    // The shape of labels for scores: one for all values along the axis of the classes.
    private static Shape WithoutAxis(Shape scores, int axis)
    {
        axis = scores.CanonicalAxis(axis);
        if (scores.NumAxes == 4) return scores.With(axis, 1);
        List<int> rest = [.. scores];
        rest.RemoveAt(axis);
        return new Shape([.. rest]);
    }

    // Steps × sequences × …; the second bottom, steps × sequences; a third has the sequences first. Where the first has
    // two axes, it lacks the sequences.
    private static Shape? OfRecurrence(Shape[] bottoms, int i)
    {
        Shape first = bottoms[0];
        int steps = first.Legacy(0);
        int sequences = bottoms.Length > 2 ? bottoms[2].Legacy(0) : first.NumAxes > 2 ? first[1] : 1;
        return i switch
        {
            0 => first.NumAxes > 2 ? first.With(1, sequences) : new Shape(steps, sequences, first.Legacy(1)),
            1 => new Shape(steps, sequences),
            _ => null,
        };
    }

    private static Shape ToSlice(LayerParameter layer, Shape whole)
    {
        IList<uint> points = layer.SliceParam?.SlicePoint ?? [];
        int axis = layer.SliceParam?.Axis ?? 1, tops = layer.Top.Count;
        Shape padded = WithAxis(whole, axis);
        int extent = padded[axis];
        return padded.With(axis, points.Count > 0
            ? Extents.Of(2L * points[^1] - (points.Count > 1 ? points[^2] : 0), "the whole")
            : Extents.Product("the whole", null, Math.Max(1, (extent + tops - 1L) / tops), tops));
    }

    private static Shape WithAxis(Shape shape, int axis)
    {
        if (axis is < -Shape.MaxAxes or >= Shape.MaxAxes) throw new ShapeException($"axis {axis} is out of range");
        List<int> dims = [.. shape];
        while (dims.Count <= axis) dims.Add(1);
        return new Shape([.. dims]);
    }

    private static long? FixedCount(LayerParameter layer) =>
        layer.Type == "Reshape" && layer.ReshapeParam is { Axis: 0, NumAxes: -1, Shape: { Dim.Count: > 0 } shape }
            && shape.Dim.All(dim => dim is > 0 and <= int.MaxValue)
            ? Extents.Count([.. shape.Dim.Select(dim => (int)dim)])
            : null;

    // Reshape to fixed extents tells how many items there must be where nothing else does.
    private void Rebatch(Shape bottom, long count)
    {
        if (bottom.NumAxes == 0 || bottom[0] == 0 || bottom.Count == 0) return;
        long ofItem = bottom.Count / bottom[0];
        long items = count / ofItem;
        if (count % ofItem != 0 || items > LargestBatch) return;
        foreach (AssumedTop top in assumed)
            if (top.Assumed.HasFlag(AssumedParts.Batch) && top.Shape.NumAxes > 0
                && top.Shape[0] * items / bottom[0] <= LargestBatch)
                _found[top.Name] = top.Shape.With(0, (int)(top.Shape[0] * items / bottom[0]));
    }

    // Follows a demand upwards to the tops that can meet it. The way may be as long as the net, and may fork and meet
    // again.
    private void Follow(string name, int before, Shape wanted)
    {
        Stack<Demand> open = new([new Demand(name, before, wanted)]);
        HashSet<(int Layer, string Name, Shape Wanted)> followed = [];
        while (open.TryPop(out Demand? demand))
        {
            if (MakerBefore(demand.Blob, demand.Before) is not { } maker
                || !followed.Add((maker, demand.Blob, demand.Wanted))) continue;
            LayerParameter layer = layers[maker];
            if (layer.Bottom.Count > 0)
            {
                foreach (Demand upper in Above(layer, maker, demand).Reverse()) open.Push(upper);
            }
            else if (_assumed.Value.TryGetValue(demand.Blob, out AssumedTop? found) && Allows(found, demand.Wanted))
            {
                _found[demand.Blob] = demand.Wanted;
            }
        }
    }

    // What a layer asks of its bottoms so that a top has the shape that is wanted.
    private IEnumerable<Demand> Above(LayerParameter layer, int index, Demand demand)
    {
        Shape wanted = demand.Wanted;
        if (ValueByValue.Contains(layer.Type)) return [new Demand(layer.Bottom[0], index, wanted)];
        if (layer.Type == "Eltwise") return layer.Bottom.Select(bottom => new Demand(bottom, index, wanted));
        if (layer.Type == "Embed" && wanted.NumAxes > 1)
            return [new Demand(layer.Bottom[0], index, new Shape(wanted.Dims[..^1]))];
        if (layer.Type is "RNN" or "LSTM" && wanted.NumAxes > 1 && layer.Bottom.Count > 1)
            return [new Demand(layer.Bottom[0], index, wanted),
                new Demand(layer.Bottom[1], index, new Shape(wanted.Dims[..2]))];
        if (layer.Type == "InnerProduct" && wanted.NumAxes == 3 && layer.InnerProductParam?.Axis == 2)
            return [new Demand(layer.Bottom[0], index, wanted)];
        if (layer.Type == "Slice")
            return WholeOfSlice(layer, layer.Top.IndexOf(demand.Blob), wanted) is { } whole
                ? [new Demand(layer.Bottom[0], index, whole)] : [];
        if (layer.Type is "Flatten" or "Reshape" && wanted.NumAxes > 0 && wanted[0] > 0)
            return [new Demand(layer.Bottom[0], index,
                new Shape(wanted[0], Extents.Of(wanted.Count / wanted[0], "the rest")))];
        return [];
    }

    // The shape to slice for one top of a shape; null where the points say otherwise.
    private static Shape? WholeOfSlice(LayerParameter layer, int top, Shape wanted)
    {
        int axis = layer.SliceParam?.Axis ?? 1;
        if (axis < 0) axis += wanted.NumAxes;
        Shape part = WithAxis(wanted, axis);
        IList<uint> points = layer.SliceParam?.SlicePoint ?? [];
        long extent = part[axis];
        bool isLast = top == points.Count;
        long whole = points.Count == 0 ? extent * layer.Top.Count : points[^1] + (isLast ? extent : 1);
        // A slice between two points is as long as they say.
        return points.Count == 0 || isLast || points[top] - (top > 0 ? points[top - 1] : 0) == extent
            ? part.With(axis, Extents.Of(whole, "the whole"))
            : null;
    }

    // The last layer before another that makes a blob.
    private int? MakerBefore(string blob, int before)
    {
        if (!_makers.Value.TryGetValue(blob, out List<int>? makers)) return null;
        int at = makers.BinarySearch(before);
        int last = (at < 0 ? ~at : at) - 1;
        return last < 0 ? null : makers[last];
    }

    private static bool Allows(AssumedTop top, Shape wanted)
    {
        if (top.IsFree) return true;
        return wanted.NumAxes == 4 && top.Shape.NumAxes == 4
            && (top.Assumed.HasFlag(AssumedParts.Batch) || wanted[0] == top.Shape[0])
            && (top.Assumed.HasFlag(AssumedParts.Channels) || wanted[1] == top.Shape[1])
            && (top.Assumed.HasFlag(AssumedParts.Size) || (wanted[2] == top.Shape[2] && wanted[3] == top.Shape[3]));
    }

    /// <summary>A shape that a blob must have, as the layers before one make it.</summary>
    private sealed record Demand(string Blob, int Before, Shape Wanted);
}
