using Atl.Proto;

namespace Atl;

/// <summary>Stored blobs: their shape in either notation, their values as floats or doubles, and blobs to
/// store.</summary>
internal static class BlobProtoExtensions
{
    /// <summary>Whether the message gives its shape by the old fields num, channels, height, width.</summary>
    public static bool HasLegacyShape(this BlobProto stored) => stored.HasNum || stored.HasChannels || stored.HasHeight
        || stored.HasWidth;

    /// <summary>The shape in either notation.</summary>
    /// <exception cref="ShapeException">An extent is out of range.</exception>
    public static Shape StoredShape(this BlobProto stored) => stored.HasLegacyShape()
        ? new Shape(stored.Num, stored.Channels, stored.Height, stored.Width)
        : Shape.From(stored.Shape ?? new BlobShape());

    /// <summary>Copies the stored values (float or double) into a tensor.</summary>
    /// <exception cref="ShapeException">The message holds another number of values than the tensor.</exception>
    public static void CopyDataTo(this BlobProto stored, Tensor target) =>
        CopyTo(stored.Data, stored.DoubleData, target, "data");

    /// <summary>Copies the stored gradient into a tensor, if there is one.</summary>
    /// <exception cref="ShapeException">The message holds another number of values than the tensor.</exception>
    public static void CopyDiffTo(this BlobProto stored, Tensor target)
    {
        if (stored.Diff.Count > 0 || stored.DoubleDiff.Count > 0)
            CopyTo(stored.Diff, stored.DoubleDiff, target, "diff");
    }

    /// <summary>A blob with the stored shape and values.</summary>
    public static Blob ToBlob(this BlobProto stored, string name = "")
    {
        Blob blob = new(stored.StoredShape(), name);
        stored.CopyDataTo(blob.Data);
        stored.CopyDiffTo(blob.Diff);
        return blob;
    }

    /// <summary>The message for a tensor's shape and values.</summary>
    public static BlobProto ToProto(this Tensor values)
    {
        BlobProto stored = new() { Shape = values.Shape.ToMessage() };
        using ReadOnlyElementLoan elements = values.Borrow();
        Append(stored.Data, elements.Span);
        return stored;
    }

    /// <summary>The message for a blob: shape, data and, when asked, diff.</summary>
    public static BlobProto ToProto(this Blob blob, bool withDiff = false)
    {
        BlobProto stored = blob.Data.ToProto();
        if (!withDiff) return stored;
        using ReadOnlyElementLoan gradient = blob.Diff.Borrow();
        Append(stored.Diff, gradient.Span);
        return stored;
    }

    private static void CopyTo(
        Google.Protobuf.Collections.RepeatedField<float> floats,
        Google.Protobuf.Collections.RepeatedField<double> doubles, Tensor target, string field)
    {
        int found = doubles.Count > 0 ? doubles.Count : floats.Count;
        if (found != target.Count)
        {
            string name = doubles.Count > 0 ? "double_" + field : field;
            throw new ShapeException($"{name} holds {Amount.Of(found, "value")}, expected {target.Count} for shape {target.Shape}");
        }
        using ElementLoan elements = target.BorrowToWrite();
        Span<float> to = elements.Span;
        if (doubles.Count > 0)
            for (int i = 0; i < to.Length; i++) to[i] = (float)doubles[i];
        else
            for (int i = 0; i < to.Length; i++) to[i] = floats[i];
    }

    private static void Append(Google.Protobuf.Collections.RepeatedField<float> field, ReadOnlySpan<float> values)
    {
        field.Capacity = values.Length;
        foreach (float value in values) field.Add(value);
    }
}
