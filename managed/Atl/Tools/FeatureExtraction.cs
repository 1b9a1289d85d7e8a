using System.Globalization;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;

namespace Atl.Tools;

/// <summary>
/// Runs a net over so many batches and stores blobs of it, row after row (Caffe's extract_features); see
/// <see cref="FeatureFile"/>.
/// </summary>
internal sealed class FeatureExtraction
{
    private const int RowsALine = 1000;

    private readonly Net _net;
    private readonly Blob[] _blobs;

    /// <summary>Finds the blobs.</summary>
    /// <exception cref="AtlException">The net has no such blob.</exception>
    public FeatureExtraction(Net net, IEnumerable<string> blobs)
    {
        _net = net;
        _blobs = [.. blobs.Select(name => net.FindBlob(name)
            ?? throw new AtlException(
                $"the net has no blob '{name}'{NearestName.Hint(name, net.Blobs.Select(blob => blob.Name))}"))];
    }

    /// <summary>Runs the net and writes one output for each blob; they take their names when all are
    /// complete.</summary>
    /// <param name="outputs">The outputs' paths, as many as blobs.</param>
    /// <param name="batches">How many forwards.</param>
    /// <param name="format">One of <see cref="FeatureFile.Formats"/>.</param>
    /// <exception cref="AtlException">An output is there already or cannot be written, or the net cannot
    /// run.</exception>
    public void Run(IReadOnlyList<string> outputs, int batches, string format)
    {
        _net.Logger.Info("feature_extraction.cpp", $"Extracting Features");
        FeatureOddities[] oddities = [.. _blobs.Select(_ => new FeatureOddities())];
        FeatureFile.CreateAll(outputs, format, writers =>
        {
            for (int batch = 0; batch < batches; batch++)
            {
                _net.Forward();
                for (int i = 0; i < writers.Count; i++) Append(_blobs[i], writers[i], oddities[i]);
            }
            for (int i = 0; i < writers.Count; i++)
                if (writers[i].Rows % RowsALine != 0) Report(writers[i].Rows, _blobs[i]);
        }, _net.Logger);
        for (int i = 0; i < _blobs.Length; i++)
            foreach (string line in oddities[i].Lines("row"))
                _net.Logger.Warning("feature_extraction.cpp", $"blob '{_blobs[i].Name}': {line}");
        _net.Logger.Info("feature_extraction.cpp", $"Successfully extracted the features!");
    }

    private void Append(Blob blob, FeatureWriter writer, FeatureOddities oddities)
    {
        if (blob.Shape.NumAxes == 0) throw new AtlException($"blob '{blob.Name}' has no axes, expected rows");
        int before = writer.Rows;
        ReadOnlySpan<float> values = blob.Data.AsReadOnlySpan();
        for (int row = 0, size = (int)blob.Shape.CountFrom(1); row < blob.Shape[0]; row++)
            oddities.Add(values.Slice(row * size, size), (before + row).ToString(CultureInfo.InvariantCulture));
        writer.Append(blob.Shape, values);
        for (int lines = before / RowsALine + 1; lines * RowsALine <= writer.Rows; lines++)
            Report(lines * RowsALine, blob);
    }

    private void Report(int rows, Blob blob) =>
        _net.Logger.Info("feature_extraction.cpp",
            $"Extracted features of {rows} query images for feature blob {blob.Name}");
}
