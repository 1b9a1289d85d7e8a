using System.Globalization;
using Google.Protobuf.Collections;

namespace Atl.Proto;

/// <summary>Whether stored blobs hold as many values as their shapes ask for.</summary>
internal static class StoredBlobs
{
    // Caffe's limit on the number of axes, and on what an array of doubles can hold.
    private const int MostAxes = 32;
    private const long MostValues = long.MaxValue / sizeof(double);

    /// <summary>
    /// The number of elements that a blob's shape asks for, in either notation; 1 where it gives no shape, null where
    /// the shape is out of range.
    /// </summary>
    public static long? Count(BlobProto blob)
    {
        long count = 1;
        foreach (long extent in Extents(blob))
        {
            if (extent is < 0 or > int.MaxValue || (extent != 0 && count > MostValues / extent)) return null;
            count *= extent;
        }
        return count;
    }

    /// <summary>Whether a message says nothing: it stands for a parameter that another layer stores.</summary>
    public static bool IsAbsent(BlobProto blob) =>
        // Not by the message's size, which overflows at 2 GiB.
        blob.Shape is null && !HasLegacyShape(blob) && blob.Data.Count == 0 && blob.DoubleData.Count == 0
        && !HasGradient(blob)
        && !blob.HasRawData && !blob.HasRawDiff;

    /// <summary>
    /// The fault of a blob: an invalid shape, or a number of values or gradients that differs from its shape's. Null if
    /// there is none, or the blob is absent.
    /// </summary>
    public static string? FindFault(BlobProto blob)
    {
        if (IsAbsent(blob)) return null;
        if (!HasLegacyShape(blob) && blob.Shape?.Dim.Count > MostAxes)
            return $"shape has {blob.Shape.Dim.Count} axes, expected at most {MostAxes}";
        if (Count(blob) is not { } count)
            return Extents(blob).All(extent => extent is >= 0 and <= int.MaxValue)
                ? $"shape {Shape(blob)} has too many values, expected at most {MostValues}"
                : $"shape {Shape(blob)} is out of range, expected dims in 0..{int.MaxValue}";
        return Fault(blob, count, "data", blob.Data, blob.DoubleData)
            ?? (HasGradient(blob) ? Fault(blob, count, "diff", blob.Diff, blob.DoubleDiff) : null);
    }

    /// <summary>Checks the parameters of a net that was read from a file.</summary>
    /// <param name="net">The net, in the current format.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AtlException">
    /// A blob does not hold what its shape asks for; the message names file, layer and field.
    /// </exception>
    public static void Check(NetParameter net, string path)
    {
        foreach (LayerParameter layer in net.Layer)
            for (int i = 0; i < layer.Blobs.Count; i++)
                if (FindFault(layer.Blobs[i]) is { } fault)
                    throw new AtlException($"{path}: layer '{layer.Name}': blobs[{i}].{fault}");
    }

    /// <summary>Checks a solver state that was read from a file.</summary>
    /// <param name="state">The state.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AtlException">
    /// A blob does not hold what its shape asks for; the message names file and field.
    /// </exception>
    public static void Check(SolverState state, string path)
    {
        if (state.Iter < 0) throw new AtlException($"{path}: iter is {state.Iter}, expected 0 or more");
        if (state.CurrentStep < 0) throw new AtlException(
            $"{path}: current_step is {state.CurrentStep}, expected 0 or more");
        for (int i = 0; i < state.History.Count; i++)
            if (IsAbsent(state.History[i]))
                throw new AtlException($"{path}: history[{i}] is a blob without a shape and values, expected both");
            else if (FindFault(state.History[i]) is { } fault)
                throw new AtlException($"{path}: history[{i}].{fault}");
    }

    /// <summary>Checks a blob that was read from a file.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AtlException">
    /// The blob does not hold what its shape asks for; the message names file and field.
    /// </exception>
    public static void Check(BlobProto blob, string path)
    {
        if (IsAbsent(blob)) throw new AtlException($"{path}: a blob without a shape and values, expected both");
        if (FindFault(blob) is { } fault) throw new AtlException($"{path}: {fault}");
    }

    /// <summary>The shape as messages write it: <c>10 3 3 3</c>.</summary>
    internal static string Shape(BlobProto blob) =>
        string.Join(' ', Extents(blob).Select(extent => extent.ToString(CultureInfo.InvariantCulture)));

    internal static bool HasGradient(BlobProto blob) => blob.Diff.Count > 0 || blob.DoubleDiff.Count > 0;

    private static string? Fault(BlobProto blob, long count, string field, RepeatedField<float> floats,
        RepeatedField<double> doubles)
    {
        if (floats.Count > 0 && doubles.Count > 0)
            return $"{field} and double_{field} both hold values, expected one of them";
        int found = floats.Count + doubles.Count;
        if (found == count) return null;
        string name = doubles.Count > 0 ? "double_" + field : field;
        return string.Create(CultureInfo.InvariantCulture,
            $"{name} holds {Amount.Of(found, "value")}, expected {count} for shape {Shape(blob)}");
    }

    private static bool HasLegacyShape(BlobProto blob) => blob.HasNum || blob.HasChannels || blob.HasHeight
        || blob.HasWidth;

    /// <summary>The extents of a blob's shape, in either notation.</summary>
    internal static IEnumerable<long> Extents(BlobProto blob) => HasLegacyShape(blob)
        ? [blob.Num, blob.Channels, blob.Height, blob.Width]
        : (blob.Shape ?? new BlobShape()).Dim;
}
