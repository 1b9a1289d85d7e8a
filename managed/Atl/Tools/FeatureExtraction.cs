using System.Globalization;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Tools;

/// <summary>
/// Runs a net over so many batches and stores blobs of it, row after row: in databases of Datum records with keys <c>%010d</c> as Caffe's
/// extract_features does, or as HDF5 (array <c>data</c>) or NumPy arrays of shape rows × the blob's other axes.
/// </summary>
public sealed class FeatureExtraction
{
    private const int RowsALine = 1000;

    /// <summary>The words for what features may be stored as.</summary>
    public static readonly IReadOnlyList<string> Formats = [.. RecordDatabase.Backends, "hdf5", "npy"];

    private readonly Net _net;
    private readonly Blob[] _blobs;

    /// <summary>Finds the blobs.</summary>
    /// <exception cref="AtlException">The net has no such blob.</exception>
    public FeatureExtraction(Net net, IEnumerable<string> blobs)
    {
        _net = net;
        _blobs = [.. blobs.Select(name => net.FindBlob(name)
            ?? throw new AtlException($"the net has no blob '{name}'{NearestName.Hint(name, net.Blobs.Select(blob => blob.Name))}"))];
    }

    /// <summary>Runs the net and writes one output for each blob; each takes its name when it is complete.</summary>
    /// <param name="outputs">The outputs' paths, as many as blobs.</param>
    /// <param name="batches">How many forwards.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <exception cref="AtlException">An output is there already or cannot be written, or the net cannot run.</exception>
    public void Run(IReadOnlyList<string> outputs, int batches, string format)
    {
        foreach (string output in outputs) RecordDatabase.CheckUnused(output);
        Log.Info("Extracting Features");
        if (RecordDatabase.Backends.Contains(format)) IntoDatabases(outputs, batches, RecordDatabase.Parse(format), []);
        else IntoArrays(outputs, batches, format);
        Log.Info("Successfully extracted the features!");
    }

    // The writers nest, so that all outputs are completed after the last batch, or none is.
    private void IntoDatabases(IReadOnlyList<string> outputs, int batches, DataParameter.Types.DB backend, List<RecordWriter> writers)
    {
        if (writers.Count < outputs.Count)
        {
            RecordDatabase.Create(outputs[writers.Count], backend, writer => IntoDatabases(outputs, batches, backend, [.. writers, writer]));
            return;
        }
        for (int batch = 0; batch < batches; batch++)
        {
            _net.Forward();
            for (int i = 0; i < writers.Count; i++) Put(_blobs[i], writers[i]);
        }
        for (int i = 0; i < writers.Count; i++)
            if (writers[i].Count % RowsALine != 0) Report(writers[i].Count, _blobs[i]);
    }

    private static void Put(Blob blob, RecordWriter writer)
    {
        ReadOnlySpan<float> values = blob.Data.AsReadOnlySpan();
        int rows = blob.Shape.Legacy(0), size = values.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            Datum datum = new() { Channels = blob.Shape.Legacy(1), Height = blob.Shape.Legacy(2), Width = blob.Shape.Legacy(3) };
            foreach (float value in values.Slice(row * size, size)) datum.FloatData.Add(value);
            writer.Put(writer.Count.ToString("D10", CultureInfo.InvariantCulture), datum);
            if (writer.Count % RowsALine == 0) Report(writer.Count, blob);
        }
    }

    private void IntoArrays(IReadOnlyList<string> outputs, int batches, string format)
    {
        List<float>[] values = [.. _blobs.Select(_ => new List<float>())];
        int[] rows = new int[_blobs.Length];
        Shape[] shapes = new Shape[_blobs.Length];
        for (int batch = 0; batch < batches; batch++)
        {
            _net.Forward();
            for (int i = 0; i < _blobs.Length; i++)
            {
                if (_blobs[i].Shape.NumAxes == 0) throw new AtlException($"blob '{_blobs[i].Name}' has no axes, expected rows");
                Shape row = new(_blobs[i].Shape.Dims[1..]);
                if (batch > 0 && !row.Equals(shapes[i])) throw new AtlException($"blob '{_blobs[i].Name}' has rows of shape {row}, expected {shapes[i]} as in the batches before");
                shapes[i] = row;
                rows[i] += _blobs[i].Shape[0];
                values[i].AddRange(_blobs[i].Data.AsReadOnlySpan());
            }
        }
        for (int i = 0; i < _blobs.Length; i++)
        {
            Shape shape = new([rows[i], .. shapes[i].Dims]);
            if (format == "hdf5")
            {
                Hdf5File.Write(outputs[i], [("data", shape, values[i].ToArray())]);
            }
            else
            {
                Tensor tensor = new(shape);
                values[i].CopyTo(tensor.AsWriteOnlySpan());
                NpyFile.Write(outputs[i], tensor);
            }
            Report(rows[i], _blobs[i]);
        }
    }

    private static void Report(long rows, Blob blob) => Log.Info($"Extracted features of {rows} query images for feature blob {blob.Name}");
}
