using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// Recurrent Scale Approximation (Liu et al., ICCV 2017): one net makes a feature map of the image at its largest
/// scale, a second one makes the map of the next octave out of that of the octave before, and a region head at stride
/// 16 finds faces of one size in each of them. Inputs are blue-green-red minus 127.
/// </summary>
public sealed class RsaDetector : IFaceDetector
{
    private readonly RsaOptions _options;
    private readonly DetectorNet[] _nets;

    // The newest octave: a net that runs on its own output cannot have it as its input at the same time.
    private readonly Blob _map = new();

    /// <summary>Builds the three nets.</summary>
    /// <param name="nets">The feature net (res_pool2), the map from octave to octave (fm2fm), and the region head (f2r:
    /// outputs of 1 and 10 channels).</param>
    /// <param name="options">How to search.</param>
    /// <exception cref="AtlException">A net has other inputs or outputs, or lacks weights; or an option makes no
    /// sense.</exception>
    public RsaDetector(IReadOnlyList<NetFiles> nets, RsaOptions options)
    {
        if (nets.Count != 3)
            throw new ArgumentException($"{nets.Count} nets, expected the feature net, the map between octaves and "
                + "the region head", nameof(nets));
        if (options.LongSide is < 16 or > RsaOptions.LongestSide)
            throw new AtlException($"the longer side is to be {options.LongSide} pixels, expected 16 to "
                + $"{RsaOptions.LongestSide}");
        if (options.Octaves < 1) throw new AtlException($"{options.Octaves} octaves, expected at least 1");
        _options = options;
        List<DetectorNet> made = [];
        try
        {
            made.Add(new DetectorNet(nets[0], options.Device, options.Logger, 0));
            made.Add(new DetectorNet(nets[1], options.Device, options.Logger, 0));
            made.Add(new DetectorNet(nets[2], options.Device, options.Logger, 1, 10));
        }
        catch
        {
            made.ForEach(net => net.Dispose());
            throw;
        }
        _nets = [.. made];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images) => [.. images.Select(Detect)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DetectorNet net in _nets) net.Dispose();
        _map.Dispose();
    }

    private List<DetectedFace> Detect(Mat image)
    {
        PixelPlanes planes = new(127, 1, Rgb: false, Transposed: false);
        (DetectorNet features, DetectorNet transform, DetectorNet head) = (_nets[0], _nets[1], _nets[2]);
        float imageScale = Math.Max(image.Cols, image.Rows) / (float)_options.LongSide;
        Size size = new(Math.Max(1, (int)MathF.Round(image.Cols / imageScale)),
            Math.Max(1, (int)MathF.Round(image.Rows / imageScale)));
        using (Mat scaled = image.Resize(size))
        {
            using ElementLoan input = features.Input(1, size.Height, size.Width);
            planes.Write(scaled, input.Span);
        }
        features.Forward();
        List<DetectedFace> candidates = [];
        Keep(features.Output(0));
        for (int octave = 0; octave < _options.Octaves; octave++)
        {
            if (octave > 0)
            {
                // A map of a single row or column has no next octave.
                if (Math.Min(_map.Shape[2], _map.Shape[3]) < 2) break;
                transform.TakeInput(_map);
                transform.Forward();
                Keep(transform.Output(0));
            }
            head.TakeInput(_map);
            head.Forward();
            Blob scores = head.Output(1), regression = head.Output(10);
            float scale = imageScale * (1 << octave);
            candidates.AddRange(RsaDecoder.Decode(
                scores.Data.ToArray(), regression.Data.ToArray(), scores.Shape[3],
                _options.CandidateThreshold, scale));
        }
        List<DetectedFace> kept = BoxSuppression.Apply(candidates, face => face.Box, face => face.Score,
            _options.Overlap, OverlapMeasure.Union);
        return [.. kept.Where(face => face.Score > _options.Threshold)];
    }

    private void Keep(Blob map)
    {
        _map.Reshape(map.Shape);
        _map.Data.CopyFrom(map.Data, _options.Device);
    }
}
