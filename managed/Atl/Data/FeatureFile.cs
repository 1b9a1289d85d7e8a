using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Files of features: NumPy arrays (.npy) and HDF5 files (array <c>data</c>) of shape rows × the shape of a row, and databases of Datum records
/// with keys <c>%010d</c> and the values in <c>float_data</c>, as Caffe's extract_features makes.
/// </summary>
public static class FeatureFile
{
    /// <summary>The array of an HDF5 file that holds the features.</summary>
    internal const string Hdf5Array = "data";

    /// <summary>The format of names without an ending of their own: an LMDB.</summary>
    public const string Database = "lmdb";

    /// <summary>The words for what features may be stored as.</summary>
    public static readonly IReadOnlyList<string> Formats = [.. RecordDatabase.Backends, "hdf5", "npy"];

    /// <summary>The format that a name's ending tells: .npy, .h5 and .hdf5; any other is that of an LMDB.</summary>
    public static string FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => "npy",
        ".h5" or ".hdf5" => "hdf5",
        _ => Database,
    };

    /// <summary>Makes a new file, which takes its name when it is complete.</summary>
    /// <param name="path">The file, or the database's folder.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="write">Appends the features.</param>
    /// <exception cref="AtlException">Something of this name is there already, no feature was appended, or the file cannot be written.</exception>
    public static void Create(string path, string format, Action<FeatureWriter> write)
    {
        RecordDatabase.CheckUnused(path);
        switch (format)
        {
            case "npy":
                AtomicFile.Write(path, stream => Fill(new NpyFeatureWriter(path, stream), write));
                break;
            case "hdf5":
                AtomicFile.Write(path, stream =>
                {
                    using Hdf5FeatureWriter writer = new(path, stream);
                    Fill(writer, write);
                });
                break;
            default:
                RecordDatabase.Create(path, RecordDatabase.Parse(format), records => Fill(new RecordFeatureWriter(path, records), write));
                break;
        }
    }

    /// <summary>Makes several files at once: all take their names after the last feature, or none does.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="write">Appends the features, a writer a file.</param>
    /// <exception cref="AtlException">As for one file.</exception>
    public static void CreateAll(IReadOnlyList<string> paths, string format, Action<IReadOnlyList<FeatureWriter>> write)
    {
        foreach (string path in paths) RecordDatabase.CheckUnused(path);
        Nest([]);

        void Nest(IReadOnlyList<FeatureWriter> writers)
        {
            if (writers.Count == paths.Count) write(writers);
            else Create(paths[writers.Count], format, writer => Nest([.. writers, writer]));
        }
    }

    private static void Fill(FeatureWriter writer, Action<FeatureWriter> write)
    {
        write(writer);
        writer.Complete();
    }
}
