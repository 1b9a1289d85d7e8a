using Atl.Face.Datasets;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>
/// Runs an embedding net over faces: pixels are scaled to (p − 127.5)/128, and the feature of a face is that of its picture followed by that of
/// the mirrored picture (SphereFace's protocol).
/// </summary>
public sealed class FaceExtractor : IDisposable
{
    private const float Mean = 127.5f;
    private const float Scale = 1f / 128;
    private readonly Net _net;
    private readonly Blob _input;
    private readonly Blob _feature;

    /// <summary>Builds the net of a deploy prototxt, which has one input N × C × H × W and one output.</summary>
    /// <param name="deploy">The net.</param>
    /// <param name="weights">Its weights; null for the fillers' values.</param>
    /// <param name="seed">The fillers' seed.</param>
    /// <exception cref="NetException">The net has not one 4-axes input and one output.</exception>
    public FaceExtractor(NetParameter deploy, NetParameter? weights, ulong seed)
    {
        _net = new Net(deploy, new NetOptions { Phase = Phase.Test, Seed = seed });
        if (_net.Inputs.Count != 1 || _net.Inputs[0].NumAxes != 4 || _net.Outputs.Count != 1)
        {
            string found = $"inputs {string.Join(", ", _net.Inputs.Select(blob => $"{blob.Name} {blob.Shape}"))}, outputs {string.Join(", ", _net.Outputs.Select(blob => blob.Name))}";
            _net.Dispose();
            throw new NetException($"net '{deploy.Name}' has {found}; expected one input of 4 axes (pictures) and one output (features)");
        }
        if (weights is not null) _net.CopyTrainedLayersFrom(weights);
        _input = _net.Inputs[0];
        _feature = _net.Outputs[0];
    }

    /// <summary>The features of faces, one row each.</summary>
    /// <param name="faces">The faces; all of the size of the net's input.</param>
    /// <param name="batch">How many are run at once.</param>
    /// <exception cref="NetException">A face has another size than the net's input.</exception>
    public FeatureMatrix Extract(IReadOnlyList<FaceSample> faces, int batch = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        float[]? values = null;
        int columns = 0;
        for (int start = 0; start < faces.Count; start += batch)
        {
            int count = Math.Min(batch, faces.Count - start);
            for (int side = 0; side < 2; side++)
            {
                Fill(faces, start, count, mirrored: side == 1);
                _net.Forward();
                ReadOnlySpan<float> features = _feature.Data.AsReadOnlySpan();
                int width = features.Length / count;
                if (values is null)
                {
                    columns = 2 * width;
                    values = new float[checked(faces.Count * columns)];
                }
                for (int i = 0; i < count; i++)
                    features.Slice(i * width, width).CopyTo(values.AsSpan(((start + i) * columns) + (side * width)));
            }
        }
        return new FeatureMatrix(values ?? [], faces.Count, columns);
    }

    /// <summary>Frees the net.</summary>
    public void Dispose() => _net.Dispose();

    private void Fill(IReadOnlyList<FaceSample> faces, int start, int count, bool mirrored)
    {
        Shape shape = _input.Shape.With(0, count);
        if (!shape.Equals(_input.Shape))
        {
            _input.Reshape(shape);
            _net.Reshape();
        }
        int channels = shape[1], height = shape[2], width = shape[3];
        Span<float> pixels = _input.Data.AsWriteOnlySpan();
        for (int i = 0; i < count; i++)
        {
            FaceSample face = faces[start + i];
            if (face.Channels != channels || face.Height != height || face.Width != width)
                throw new NetException($"face {start + i} is {face.Channels}×{face.Height}×{face.Width}, the net's input {channels}×{height}×{width}");
            Span<float> target = pixels.Slice(i * face.Pixels.Length, face.Pixels.Length);
            for (int row = 0; row < channels * height; row++)
            {
                ReadOnlySpan<byte> from = face.Pixels.AsSpan(row * width, width);
                Span<float> to = target.Slice(row * width, width);
                for (int column = 0; column < width; column++) to[column] = (from[mirrored ? width - 1 - column : column] - Mean) * Scale;
            }
        }
    }
}
