using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// Recurrent Scale Approximation (Liu et al., ICCV 2017): one net makes a feature map of the image at its largest
/// scale, a second one makes the map of the next octave out of that of the octave before, and a region head at stride
/// 16 finds faces of one size in each of them. Inputs are blue-green-red minus 127.
/// </summary>
internal sealed class RsaDetector : IFaceDetector
{
    private readonly RsaOptions _options;
    private readonly DetectorNet[] _nets;

    /// <summary>Creates sessions of the three nets, which other detectors may share.</summary>
    /// <param name="nets">The feature net (res_pool2), the map from octave to octave (fm2fm), and the region head (f2r:
    /// outputs of 1 and 10 channels).</param>
    /// <param name="options">How to search.</param>
    /// <exception cref="AtlException">A net has other inputs or outputs, or an option makes no sense.</exception>
    public RsaDetector(IReadOnlyList<Model> nets, RsaOptions options)
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
            made.Add(new DetectorNet(nets[0], "the feature net", options.Threads, 0));
            made.Add(new DetectorNet(nets[1], "the map between octaves", options.Threads, 0));
            made.Add(new DetectorNet(nets[2], "the region head", options.Threads, 1, 10));
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
    }

    private List<DetectedFace> Detect(Mat image)
    {
        PixelPlanes planes = new(127, 1, Rgb: false, Transposed: false);
        (DetectorNet features, DetectorNet transform, DetectorNet head) = (_nets[0], _nets[1], _nets[2]);
        float imageScale = Math.Max(image.Cols, image.Rows) / (float)_options.LongSide;
        Size size = new(Math.Max(1, (int)MathF.Round(image.Cols / imageScale)),
            Math.Max(1, (int)MathF.Round(image.Rows / imageScale)));
        using (Mat scaled = image.Resize(size)) planes.Write(scaled, features.Input(1, size.Height, size.Width));
        features.Forward();
        List<DetectedFace> candidates = [];
        SessionBlob map = features.Output(0);
        for (int octave = 0; octave < _options.Octaves; octave++)
        {
            if (octave > 0)
            {
                // A map of a single row or column has no next octave.
                if (Math.Min(map.Shape[2], map.Shape[3]) < 2) break;
                TakeInput(transform, map);
                transform.Forward();
                map = transform.Output(0);
            }
            TakeInput(head, map);
            head.Forward();
            SessionBlob scores = head.Output(1), regression = head.Output(10);
            float scale = imageScale * (1 << octave);
            candidates.AddRange(RsaDecoder.Decode(
                scores.ToArray(), regression.ToArray(), scores.Shape[3],
                _options.CandidateThreshold, scale));
        }
        List<DetectedFace> kept = BoxSuppression.Apply(candidates, face => face.Box, face => face.Score,
            _options.Overlap, OverlapMeasure.Union);
        return [.. kept.Where(face => face.Score > _options.Threshold)];
    }

    private static void TakeInput(DetectorNet net, SessionBlob map)
    {
        using ReadOnlyElementLoan values = map.Borrow();
        net.TakeInput(values.Span, map.Shape);
    }
}
