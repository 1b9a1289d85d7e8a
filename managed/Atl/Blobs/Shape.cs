using System.Collections;
using System.Globalization;
using Atl.Proto;

namespace Atl;

/// <summary>The extents of a blob, outermost axis first; immutable. A shape without axes is a scalar (one
/// element).</summary>
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    /// <summary>Caffe's limit on the number of axes.</summary>
    public const int MaxAxes = 32;

    private readonly int[] _dims;

    /// <summary>A shape with the given extents.</summary>
    /// <exception cref="ShapeException">
    /// An extent is negative, there are more than <see cref="MaxAxes"/>, or there are more elements than any memory
    /// holds.
    /// </exception>
    public Shape(params ReadOnlySpan<int> dims)
    {
        if (dims.Length > MaxAxes) throw new ShapeException($"a blob has at most {MaxAxes} axes, found {dims.Length}");
        _dims = dims.ToArray();
        foreach (int dim in dims)
            if (dim < 0) throw new ShapeException($"a blob's dim must not be negative, found {dim} in {Join(dims)}");
        // Parts of the shape must have a count too, though it has no elements.
        long count = Extents.Count(dims)
            ?? throw new ShapeException(
                $"a blob of shape {Join(dims)} has more than 2^45 elements, too many for any memory");
        Count = dims.Contains(0) ? 0 : count;
    }

    /// <summary>The shape without axes: one element.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>The number of elements: the product of the extents (1 for a scalar).</summary>
    public long Count { get; }

    /// <summary>The number of axes.</summary>
    public int NumAxes => _dims.Length;

    int IReadOnlyCollection<int>.Count => _dims.Length;

    /// <summary>The extent of an axis; negative axes count from the last (-1).</summary>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public int this[int axis] => _dims[CanonicalAxis(axis)];

    /// <summary>The extents.</summary>
    public ReadOnlySpan<int> Dims => _dims;

    /// <summary>Turns an axis in [-NumAxes, NumAxes) into one in [0, NumAxes).</summary>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public int CanonicalAxis(int axis)
    {
        if (axis < -NumAxes || axis >= NumAxes)
            throw new ShapeException($"axis {axis} is out of range for a blob with {NumAxes} axes of shape {this}");
        return axis < 0 ? axis + NumAxes : axis;
    }

    /// <summary>The product of the extents in [start, end); 1 for an empty range. Both lie in [0, NumAxes].</summary>
    public long CountOf(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, NumAxes);
        long count = 1;
        for (int axis = start; axis < end; axis++) count *= _dims[axis];
        return count;
    }

    /// <summary>The product of the extents from an axis on.</summary>
    public long CountFrom(int start) => CountOf(start, NumAxes);

    /// <summary>The extent of an axis by Caffe's old four-axes view: 1 where the shape has fewer axes.</summary>
    public int Legacy(int axis) => axis < NumAxes ? _dims[axis] : 1;

    /// <summary>This shape with one extent replaced.</summary>
    public Shape With(int axis, int extent)
    {
        int[] dims = (int[])_dims.Clone();
        dims[CanonicalAxis(axis)] = extent;
        return new Shape(dims);
    }

    /// <summary>Whether another shape has as many axes, and the same extents in all but one.</summary>
    internal bool EqualsBut(int axis, Shape other)
    {
        if (NumAxes != other.NumAxes) return false;
        for (int i = 0; i < NumAxes; i++)
            if (i != axis && _dims[i] != other._dims[i])
                return false;
        return true;
    }

    /// <summary>Reads the shape message.</summary>
    /// <exception cref="ShapeException">An extent is negative or above 2^31-1.</exception>
    public static Shape From(BlobShape message)
    {
        int[] dims = new int[message.Dim.Count];
        SourceLocation? place = SourceMap.FindGiven(message, BlobShape.DimFieldNumber);
        for (int i = 0; i < dims.Length; i++)
        {
            long dim = message.Dim[i];
            if (dim is < 0 or > int.MaxValue)
                throw new ShapeException($"a blob's dim must lie in 0..{int.MaxValue}, found {dim}")
                {
                    Place =
                    place
                };
            dims[i] = (int)dim;
        }
        try
        {
            return new Shape(dims);
        }
        catch (ShapeException e)
        {
            throw new ShapeException(e.Message) { Place = place };
        }
    }

    /// <summary>The shape as a message.</summary>
    public BlobShape ToMessage()
    {
        BlobShape message = new();
        message.Dim.Capacity = _dims.Length;
        foreach (int dim in _dims) message.Dim.Add(dim);
        return message;
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (int dim in _dims) hash.Add(dim);
        return hash.ToHashCode();
    }

    /// <summary>Caffe's way to write a shape: <c>32 3 112 96 (1032192)</c>.</summary>
    public override string ToString() =>
        NumAxes == 0 ? "(1)" : string.Create(CultureInfo.InvariantCulture, $"{Join(_dims)} ({Count})");

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _dims.GetEnumerator();

    private static string Join(ReadOnlySpan<int> dims)
    {
        System.Text.StringBuilder text = new();
        foreach (int dim in dims)
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(dim.ToString(CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }
}
