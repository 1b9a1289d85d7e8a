using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>
/// Reads features that are ready: NumPy arrays (.npy) and HDF5 files of shape rows × the shape of a row, and LMDBs and LevelDBs of Datum records
/// with the values in float_data, as extract_features writes them.
/// </summary>
public static class FeatureReader
{
    private static ReadOnlySpan<byte> NpyMagic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static ReadOnlySpan<byte> Hdf5Magic => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a file, or a database's folder; what it is is told by its content.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="array">The array of an HDF5 file.</param>
    /// <exception cref="AtlException">It is missing, of no such format, damaged, or holds no rows of one length.</exception>
    public static FeatureMatrix Read(string path, string array = "data")
    {
        if (Directory.Exists(path))
            return FromRecords(path);
        byte[] head = Head(path);
        if (head.AsSpan().StartsWith(NpyMagic))
        {
            using NpyReader reader = new(path);
            (int rows, int columns) = Extents(path, reader.Shape);
            return reader.IsColumnMajor ? new FeatureMatrix(NpyFile.Read(path).Values, rows, columns) : FeatureMatrix.Read(rows, columns, reader.Read);
        }

        if (!head.AsSpan().StartsWith(Hdf5Magic))
            throw new AtlException($"{path}: neither a NumPy array (.npy) nor HDF5, expected features as one of them or as the folder of an LMDB or LevelDB");
        using Hdf5File file = new(path);
        (int fileRows, int fileColumns) = Extents(path, file.ShapeOf(array));
        return new FeatureMatrix(file.Read(array), fileRows, fileColumns);
    }

    private static (int Rows, int Columns) Extents(string path, Shape shape)
    {
        if (shape.NumAxes < 2 || shape.Count == 0 || shape.CountFrom(1) > int.MaxValue)
            throw new AtlException($"{path}: an array of shape {shape}, expected rows × the length of a feature");
        return (shape[0], (int)shape.CountFrom(1));
    }

    private static FeatureMatrix FromRecords(string path)
    {
        using RecordReader reader = RecordDatabase.Open(path, LevelDbReader.IsAt(path) ? DataParameter.Types.DB.Leveldb : DataParameter.Types.DB.Lmdb);
        List<float[]> rows = [];
        do
        {
            Datum datum = reader.ReadDatum();
            if (datum.FloatData.Count == 0)
                throw new AtlException($"{reader.Describe()}: no values in float_data, expected a feature");
            if (rows.Count > 0 && datum.FloatData.Count != rows[0].Length)
                throw new AtlException($"{reader.Describe()}: a feature of {datum.FloatData.Count} values, expected {rows[0].Length} as in the first record");
            rows.Add([.. datum.FloatData]);
        }
        while (reader.TryMoveNext());
        return FeatureMatrix.FromRows(rows);
    }

    private static byte[] Head(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            var head = new byte[8];
            return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException(File.Exists(path) ? $"{path}: cannot be read: {e.Message}" : $"{path}: no such file or folder, expected features", e);
        }
    }
}
