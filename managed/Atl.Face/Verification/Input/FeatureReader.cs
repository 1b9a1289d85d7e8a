using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Verification;

/// <summary>
/// Reads features that are ready: NumPy arrays (.npy, .npz) and HDF5 files of shape rows × the shape of a row,
/// comma-separated values (.csv), and LMDBs and LevelDBs of Datum records with the values in float_data, as
/// extract_features writes them.
/// </summary>
internal static class FeatureReader
{
    private static ReadOnlySpan<byte> NpyMagic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>
    /// Reads a file, or a database's folder; what it is is told by its content, but for comma-separated values, which
    /// end in .csv.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="array">
    /// The array of an HDF5 file or a NumPy archive; null for <c>data</c> in the former, and for <c>features</c>, or
    /// the only array, in the latter.
    /// </param>
    /// <param name="logger">The logger that is warned of a database whose writer was killed; null for none.</param>
    /// <exception cref="AtlException">It is missing, of no such format, damaged, or holds no rows of one
    /// length.</exception>
    public static NamedFeatures Read(string path, string? array = null, ILogger? logger = null)
    {
        if (Directory.Exists(path))
            return new NamedFeatures(FromRecords(path, logger));
        byte[] head = Head(path);
        if (head.AsSpan().StartsWith(NpyMagic))
        {
            using NpyReader reader = new(path);
            if (!reader.IsColumnMajor)
                return new NamedFeatures(FromNpy(path, reader));
            (int rows, int columns) = Extents(path, reader.Shape);
            return new NamedFeatures(new FeatureMatrix(NpyFile.Read(path).Values, rows, columns));
        }

        if (head.AsSpan().StartsWith(NpzFile.Magic))
            return FromNpz(path, array);
        if (FeatureFile.FileFormatOf(path) == "csv")
            return CsvFeatures.Read(path);
        if (!head.AsSpan().StartsWith(Hdf5Signature.Bytes))
            throw new AtlException(ForeignFormat.Describe(path) is { } found
                ? $"{path}: {found}"
                : $"{path}: neither a NumPy array (.npy, .npz) nor HDF5 nor .csv, "
                    + "expected features as one of them or as the folder of an LMDB or LevelDB");
        using Hdf5File file = new(path);
        (int fileRows, int fileColumns) = Extents(path, file.ShapeOf(array ?? "data"));
        return new NamedFeatures(new FeatureMatrix(file.Read(array ?? "data"), fileRows, fileColumns));
    }

    private static FeatureMatrix FromNpy(string path, NpyReader reader)
    {
        (int rows, int columns) = Extents(path, reader.Shape);
        return FeatureMatrix.Read(rows, columns, reader.Read);
    }

    private static NamedFeatures FromNpz(string path, string? array)
    {
        using NpzFile file = new(path);
        string key = array ?? (file.Names.Contains(FeatureFile.NpzArray) || file.Names.Count != 1
            ? FeatureFile.NpzArray : file.Names[0]);
        FeatureMatrix features;
        using (NpyReader reader = file.Open(key))
        {
            if (reader.IsColumnMajor)
                throw new AtlException(
                    $"{path}: array '{key}' is in Fortran's order, expected C order: numpy.ascontiguousarray");
            features = FromNpy($"{path}: array '{key}'", reader);
        }

        if (!file.Names.Contains(FeatureFile.NpzNames))
            return new NamedFeatures(features);
        string[] names = file.ReadText(FeatureFile.NpzNames);
        return names.Length == features.Rows
            ? new NamedFeatures(features, names)
            : throw new AtlException(
                $"{path}: {names.Length} names, expected {features.Rows}: one for each row of '{key}'");
    }

    private static (int Rows, int Columns) Extents(string path, Shape shape)
    {
        if (shape.NumAxes < 2 || shape.Count == 0 || shape.CountFrom(1) > int.MaxValue)
            throw new AtlException($"{path}: an array of shape {shape}, expected rows × the length of a feature");
        return (shape[0], (int)shape.CountFrom(1));
    }

    private static FeatureMatrix FromRecords(string path, ILogger? logger)
    {
        using RecordReader reader = RecordDatabase.Open(path, LevelDbReader.IsAt(path) ? DataParameter.Types.DB.Leveldb
            : DataParameter.Types.DB.Lmdb, logger);
        List<float[]> rows = [];
        do
        {
            Datum datum = reader.ReadDatum();
            if (datum.FloatData.Count == 0)
                throw new AtlException($"{reader.Describe()}: no values in float_data, expected a feature");
            if (rows.Count > 0 && datum.FloatData.Count != rows[0].Length)
                throw new AtlException($"{reader.Describe()}: a feature of {datum.FloatData.Count} values, expected "
                    + $"{rows[0].Length} as in the first record");
            rows.Add([.. datum.FloatData]);
        }
        while (reader.TryMoveNext());
        return FeatureMatrix.FromRows(rows);
    }

    private static byte[] Head(string path)
    {
        PathKinds.CheckRegular(path, "features");
        return UserFile.Guarded(path, "features", () =>
        {
            using FileStream stream = File.OpenRead(path);
            byte[] head = new byte[8];
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        });
    }
}
