using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tools;

/// <summary>The mean of all images of a database, pixel by pixel, summed in double precision. (Caffe's
/// compute_image_mean.)</summary>
internal static class ImageMean
{
    private const int RecordsALine = 10000;

    /// <summary>Computes it: a blob of shape 1 × channels × height × width.</summary>
    /// <param name="source">The database's folder.</param>
    /// <param name="backend">Its kind.</param>
    /// <param name="logger">The logger for progress messages; null for none.</param>
    /// <exception cref="AtlException">The database cannot be read, or its images differ in shape; the message names the
    /// record.</exception>
    public static BlobProto Compute(string source, DataParameter.Types.DB backend, ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        using RecordReader reader = RecordDatabase.Open(source, backend, logger);
        DatumTransformer transformer = new(new TransformationParameter(), Phase.Test, 0) { Logger = logger };
        logger.Info("image_mean.cpp", $"Starting iteration");
        Shape? shape = null;
        double[] sum = [];
        float[] values = [];
        long count = 0;
        do
        {
            try
            {
                using TransformedImage image = new(transformer.Open(reader.ReadDatum()), transformer, count);
                if (shape is null)
                    (shape, sum, values) = (image.Shape, new double[image.Shape.Count], new float[image.Shape.Count]);
                if (!image.Shape.Equals(shape))
                    throw new AtlException($"an image of shape {image.Shape}, expected {shape} as the first");
                image.WriteTo(values);
            }
            catch (Exception e) when (!e.Message.StartsWith(reader.Source, StringComparison.Ordinal))
            {
                throw new AtlException($"{reader.Describe()}: {ItemFailure.Reason(e)}", e);
            }
            for (int i = 0; i < sum.Length; i++) sum[i] += values[i];
            if (++count % RecordsALine == 0) logger.Info("image_mean.cpp", $"Processed {count} files.");
        }
        while (reader.TryMoveNext());
        if (count % RecordsALine != 0) logger.Info("image_mean.cpp", $"Processed {count} files.");
        BlobProto mean = new() { Num = 1, Channels = shape[0], Height = shape[1], Width = shape[2] };
        foreach (double value in sum) mean.Data.Add((float)(value / count));
        return mean;
    }
}
