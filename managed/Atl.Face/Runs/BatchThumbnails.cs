using System.Numerics.Tensors;
using Atl.Face.Datasets;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>The thumbnails that a net was given, as it saw them: cropped and mirrored.</summary>
internal static class BatchThumbnails
{
    private const float White = 255;

    /// <summary>The first samples of the batch; none where no data layer makes gray or color thumbnails.</summary>
    public static IReadOnlyList<FaceSample> First(Net net, int count)
    {
        for (int i = 0; i < net.Layers.Count; i++)
        {
            if (net.Bottoms(i).Count > 0 || net.Tops(i).Count == 0 || net.Tops(i)[0].Shape is not { NumAxes: 4 } shape
                || shape[1] is not (1 or 3)) continue;
            using ReadOnlyElementLoan values = net.Tops(i)[0].Data.Borrow();
            float[] labels = net.Tops(i).Count > 1 ? net.Tops(i)[1].Data.ToArray() : [];
            int size = (int)shape.CountFrom(1);
            List<FaceSample> pictures = [];
            for (int n = 0; n < Math.Min(count, shape[0]); n++)
            {
                byte[] pixels = Pixels(values.Span.Slice(n * size, size), shape[1],
                    net.Layers[i].Parameter.TransformParam);
                pictures.Add(new FaceSample(pixels, n < labels.Length ? (int)labels[n]
                    : 0, shape[1], shape[2], shape[3]));
            }
            return pictures;
        }
        return [];
    }

    // Takes mean_value and scale back; where they are not known the values are stretched from black to white.
    private static byte[] Pixels(ReadOnlySpan<float> values, int channels, TransformationParameter? transform)
    {
        byte[] pixels = new byte[values.Length];
        bool known = transform is { HasMeanFile: false, Scale: not 0 }
            && (transform.MeanValue.Count > 0 || transform.HasScale);
        float least = TensorPrimitives.Min(values), most = TensorPrimitives.Max(values);
        int plane = values.Length / channels;
        for (int i = 0; i < values.Length; i++)
        {
            float value;
            if (known)
            {
                int means = transform!.MeanValue.Count;
                value = (values[i] / transform.Scale) + (means == 0
                    ? 0 : transform.MeanValue[Math.Min(i / plane, means - 1)]);
            }
            else
            {
                value = most > least ? (values[i] - least) / (most - least) * White : 0;
            }
            pixels[i] = float.IsNaN(value) ? (byte)0 : (byte)MathF.Round(Math.Clamp(value, 0, White));
        }
        return pixels;
    }
}
