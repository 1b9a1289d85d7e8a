using Atl.Proto;

namespace Atl.Data;

/// <summary>Stores features row after row, so that no more than a batch of them need be in memory; see
/// <see cref="FeatureFile"/>.</summary>
internal abstract class FeatureWriter : IDisposable
{
    private Shape? _row;

    /// <summary>A writer that nothing was given yet.</summary>
    /// <param name="path">What is written, for messages.</param>
    protected FeatureWriter(string path) => Path = path;

    /// <summary>The path of the output.</summary>
    public string Path { get; }

    /// <summary>The rows written so far.</summary>
    public int Rows { get; private set; }

    /// <summary>The shape of a row.</summary>
    /// <exception cref="AtlException">Nothing was written.</exception>
    protected Shape Row => _row ?? throw new AtlException($"{Path}: found no features, expected at least one row");

    /// <summary>Stores a batch of features.</summary>
    /// <param name="shape">The batch's shape, rows × the shape of a row.</param>
    /// <param name="values">The batch, row-major.</param>
    /// <param name="name">What a single row belongs to, for formats that hold names; null where it has no name.</param>
    /// <exception cref="AtlException">The shape has no axes, its rows are of another shape than those before, or they
    /// cannot be written.</exception>
    public void Append(Shape shape, ReadOnlySpan<float> values, string? name = null)
    {
        if (shape.NumAxes == 0) throw new AtlException($"{Path}: features without axes, expected rows");
        Shape row = new(shape.Dims[1..]);
        if (_row is not null && !row.Equals(_row))
            throw new AtlException($"{Path}: rows of shape {row}, expected {_row} as in the batches before");
        if (values.Length != shape.Count)
            throw new ArgumentException($"{values.Length} values for a shape of {shape}", nameof(values));
        _row = row;
        Write(shape, values, name);
        Rows = checked(Rows + shape[0]);
    }

    /// <summary>Lets go of what it holds; without <see cref="Complete"/> the features are not whole.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes what can only be written after the last row.</summary>
    /// <exception cref="AtlException">There are no rows.</exception>
    internal abstract void Complete();

    /// <summary>Stores a batch whose shape was checked.</summary>
    protected abstract void Write(Shape shape, ReadOnlySpan<float> values, string? name);

    /// <summary>Lets go of what it holds.</summary>
    protected virtual void Close()
    {
    }
}
