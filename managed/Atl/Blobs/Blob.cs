using Atl.Proto;

namespace Atl;

/// <summary>
/// Data that layers pass to one another or learn: data and diff (the gradient with respect to data), of one shape.
/// </summary>
/// <remarks>
/// Several threads may read a blob at once; writing, reshaping, sharing and disposing need a thread that has it to
/// itself (<see cref="SyncedMemory"/>). A blob that is forgotten, not disposed, gives its memory back after the garbage
/// collector has found it.
/// </remarks>
public sealed class Blob : IDisposable
{
    // Made when first asked for: a net that is made for its shapes has many blobs and hardly looks at gradients.
    private Tensor? _diff;
    private bool _disposed;

    /// <summary>A blob of a shape; nothing is allocated until it is used.</summary>
    public Blob(Shape shape, string name = "")
    {
        Name = name;
        Data = new Tensor(shape, new MemoryUse("data", this));
    }

    /// <summary>A scalar blob, to be reshaped.</summary>
    public Blob()
        : this(Shape.Scalar)
    {
    }

    /// <summary>The name in the net; empty for a blob outside one.</summary>
    public string Name { get; }

    /// <summary>The blob's number among all tops of its net, those that took the place of others included.</summary>
    internal int Index { get; init; }

    /// <summary>The blob's role in its net, as errors state it.</summary>
    internal string Role { get; init; } = "blob";

    /// <summary>The values.</summary>
    public Tensor Data { get; }

    /// <summary>The gradient.</summary>
    public Tensor Diff => _diff ?? MakeDiff();

    /// <summary>The shape of data and diff.</summary>
    public Shape Shape => Data.Shape;

    /// <summary>The number of elements.</summary>
    public long Count => Data.Count;

    /// <summary>The number of axes.</summary>
    public int NumAxes => Shape.NumAxes;

    /// <summary>Takes another shape; the elements stay where their number does.</summary>
    public void Reshape(Shape shape)
    {
        Data.Reshape(shape);
        _diff?.Reshape(shape);
    }

    /// <summary>Takes another shape; the elements stay where their number does.</summary>
    public void Reshape(params ReadOnlySpan<int> dims) => Reshape(new Shape(dims));

    /// <summary>
    /// Whether a stored blob has this blob's shape, also by the old (num, channels, height, width) fields, whose
    /// leading ones may be missing here, and with more or fewer extents of 1 at the end (Caffes disagree over those of
    /// BN's parameters).
    /// </summary>
    public bool ShapeEquals(BlobProto stored)
    {
        if (!stored.HasLegacyShape())
        {
            Shape shape = stored.StoredShape();
            int common = Math.Min(NumAxes, shape.NumAxes);
            return Shape.Dims[..common].SequenceEqual(shape.Dims[..common]) && Shape.CountFrom(common) == 1
                && shape.CountFrom(common) == 1;
        }
        return NumAxes <= 4 && LegacyFromEnd(-4) == stored.Num && LegacyFromEnd(-3) == stored.Channels
            && LegacyFromEnd(-2) == stored.Height && LegacyFromEnd(-1) == stored.Width;
    }

    /// <summary>Gives the memory of data and diff back, unless it is another blob's. Reading and writing are errors
    /// from then on.</summary>
    public void Dispose()
    {
        _disposed = true;
        Data.Dispose();
        _diff?.Dispose();
    }

    private Tensor MakeDiff()
    {
        Tensor diff = new(Shape, new MemoryUse("diff", this));
        if (_disposed) diff.Dispose();
        // Of two threads that ask first, one makes it.
        return Interlocked.CompareExchange(ref _diff, diff, null) ?? diff;
    }

    private int LegacyFromEnd(int axis) => axis >= -NumAxes ? Shape[axis] : 1;
}
