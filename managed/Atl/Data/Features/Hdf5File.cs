using Atl.Proto;
using PureHDF;

namespace Atl.Data;

/// <summary>Arrays of numbers in an HDF5 file, by name: read as floats from any float or integer type, written as
/// floats.</summary>
internal sealed class Hdf5File : IDisposable
{
    private readonly PureHDF.VOL.Native.NativeFile _file;

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="AtlException">It is missing, or no HDF5 file.</exception>
    public Hdf5File(string path)
    {
        Path = path;
        if (!File.Exists(path))
            throw new AtlException($"{PathText.Show(path)}: no such file, expected HDF5{PathText.Hint(path)}");
        _file = Hdf5Input.Open(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The shape of an array.</summary>
    /// <exception cref="AtlException">There is none of this name; the message names the nearest.</exception>
    public Shape ShapeOf(string name) => Guarded(() =>
        Shape.From(new BlobShape
        {
            Dim = { Find(name).Space.Dimensions.Select(dim =>
            (long)Math.Min(dim, long.MaxValue)) }
        }));

    /// <summary>Reads an array.</summary>
    /// <exception cref="AtlException">There is none of this name, it holds something else than numbers, or the file is
    /// damaged.</exception>
    public float[] Read(string name) => Guarded(() =>
    {
        IH5Dataset dataset = Find(name);
        if (dataset.Space.Type == H5DataspaceType.Scalar)
            throw new AtlException($"{Path}: '{name}' is one value without axes, expected at least one axis");
        return Hdf5Numbers.ReadFloats(Path, dataset);
    });

    /// <summary>Writes arrays to a new file, which takes its name when it is complete.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Write(string path, params IEnumerable<(string Name, Shape Shape, float[] Values)> arrays)
    {
        H5File file = [];
        foreach ((string name, Shape shape, float[] values) in arrays) file[name] = new H5Dataset(values,
            fileDims: [.. shape.Select(dim => (ulong)dim)]);
        Hdf5Writer.Write(path, file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private IH5Dataset Find(string name)
    {
        if (_file.LinkExists(name) && _file.Get(name) is IH5Dataset dataset) return dataset;
        string[] names = [.. _file.Children().OfType<IH5Dataset>().Select(child => child.Name)];
        throw new AtlException($"{Path}: no array '{name}'{NearestName.Hint(name, names)}, found "
            + $"{(names.Length == 0 ? "none" : string.Join(", ", names))}");
    }

    private T Guarded<T>(Func<T> read) => Hdf5Input.Guarded(Path, read);
}
