using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Data;

/// <summary>
/// Files of features: NumPy arrays (.npy), NumPy's archives (.npz, array <c>features</c>) and HDF5 files (array
/// <c>data</c>) of shape rows × the shape of a row, comma-separated values (.csv), and databases of Datum records with
/// keys <c>%010d</c> and the values in <c>float_data</c>, as Caffe's extract_features makes.
/// </summary>
internal static class FeatureFile
{
    /// <summary>The array of an HDF5 file that holds the features.</summary>
    internal const string Hdf5Array = "data";

    /// <summary>The array of a NumPy archive that holds the features.</summary>
    public const string NpzArray = "features";

    /// <summary>The array of a NumPy archive that holds the rows' names.</summary>
    public const string NpzNames = "names";

    /// <summary>The first column of comma-separated values, the rows' names.</summary>
    public const string CsvName = "name";

    /// <summary>The format of names without an ending of their own: an LMDB.</summary>
    public const string Database = "lmdb";

    /// <summary>The words for what features may be stored as.</summary>
    public static readonly IReadOnlyList<string> Formats = [.. RecordDatabase.Backends, "hdf5", "npy", "npz", "csv"];

    /// <summary>
    /// The format of a name's extension: that of <see cref="FileFormatOf"/>, or a database's for .lmdb, .leveldb
    /// and names without an ending.
    /// </summary>
    /// <exception cref="AtlException">The ending is that of something else.</exception>
    public static string FormatOf(string path)
    {
        if (FileFormatOf(path) is { } format) return format;
        string ending = Path.GetExtension(Path.TrimEndingDirectorySeparator(path));
        // The number of a version, such as that of face_v1.2, is no ending.
        if (ending.AsSpan().TrimStart('.').IndexOfAnyExceptInRange('0', '9') < 0) return Database;
        return RecordDatabase.Backends.FirstOrDefault(backend =>
            ending.AsSpan(1).Equals(backend, StringComparison.OrdinalIgnoreCase))
            ?? throw new AtlException($"{path}: features are not written as '{ending}', "
                + "expected .npy, .npz, .csv, .h5 or .hdf5, or a name without an ending for an LMDB");
    }

    /// <summary>
    /// The format of a file of a name's extension: .npy, .npz, .csv, .h5 and .hdf5; null for any other.
    /// </summary>
    public static string? FileFormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => "npy",
        ".npz" => "npz",
        ".csv" => "csv",
        ".h5" or ".hdf5" => "hdf5",
        _ => null,
    };

    /// <summary>Makes a new file, which takes its name when it is complete.</summary>
    /// <param name="path">The file, or the database's folder.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="write">Appends the features.</param>
    /// <param name="replace">Puts it in the place of a file, or of a database of the same kind, that is there.</param>
    /// <param name="beforeName">Called when all features are written, before the file takes its name.</param>
    /// <param name="logger">The logger that is warned where other runs cannot be kept from the path; null for
    /// none.</param>
    /// <exception cref="AtlException">Something of this name is there already, no feature was appended, or the file
    /// cannot be written.</exception>
    public static void Create(string path, string format, Action<FeatureWriter> write, bool replace = false,
        Action? beforeName = null, ILogger? logger = null)
    {
        if (RecordDatabase.Backends.Contains(format))
        {
            RecordDatabase.Create(path, RecordDatabase.Parse(format), records =>
            {
                using RecordFeatureWriter writer = new(path, records);
                Fill(writer, write);
            }, replace, beforeName, logger);
            return;
        }
        using OutputLock only = OutputLock.Take(path, "features",
            note => (logger ?? NullLogger.Instance).Warning("feature_file.cpp", $"{note}"));
        if (!replace || !IsThere(path, format)) RecordDatabase.CheckUnused(path);
        AtomicFile.Write(path, stream =>
        {
            using FeatureWriter writer = format switch
            {
                "npz" => new NpzFeatureWriter(path, stream),
                "csv" => new CsvFeatureWriter(path, stream),
                "npy" => new NpyFeatureWriter(path, stream),
                _ => new Hdf5FeatureWriter(path, stream),
            };
            Fill(writer, write);
        }, beforeName);
    }

    /// <summary>Makes several files at once: all take their names after the last feature, or none does.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="write">Appends the features, a writer a file.</param>
    /// <param name="logger">The logger that is warned where other runs cannot be kept from a path; null for
    /// none.</param>
    /// <exception cref="AtlException">As for one file.</exception>
    public static void CreateAll(IReadOnlyList<string> paths, string format, Action<IReadOnlyList<FeatureWriter>> write,
        ILogger? logger = null)
    {
        foreach (string path in paths) RecordDatabase.CheckUnused(path);
        Nest([]);

        void Nest(IReadOnlyList<FeatureWriter> writers)
        {
            if (writers.Count == paths.Count) write(writers);
            else Create(paths[writers.Count], format, writer => Nest([.. writers, writer]), logger: logger);
        }
    }

    /// <summary>
    /// Whether there is something that features of a format may replace: a file, or a database of the format's kind.
    /// </summary>
    public static bool IsThere(string path, string format) =>
        RecordDatabase.Backends.Contains(format) ? RecordDatabase.BackendAt(path) == RecordDatabase.Parse(format)
            : PathKinds.Of(path) == PathKind.File;

    private static void Fill(FeatureWriter writer, Action<FeatureWriter> write)
    {
        write(writer);
        writer.Complete();
    }
}
