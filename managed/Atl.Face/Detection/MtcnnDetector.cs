using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// The cascade of Zhang et al., "Joint Face Detection and Alignment using Multi-task Cascaded Convolutional Networks"
/// (2016): P-Net proposes boxes on an image pyramid, R-Net refuses most, O-Net gives the rest five points. Between the
/// stages boxes are suppressed, moved by the nets' offsets, and made square. Inputs are (p − 127.5)/128.
/// </summary>
internal sealed class MtcnnDetector : IFaceDetector
{
    private const int RefinementSide = 24, OutputSide = 48;
    private const float Overlap = 0.7f;
    private readonly DetectorNet[] _nets;
    private readonly ProposalStage _propose;
    private readonly RefinementStage _refine, _output;

    /// <summary>Creates sessions of the three nets.</summary>
    /// <param name="nets">P-Net, R-Net and O-Net; other detectors may share them.</param>
    /// <param name="options">How to search.</param>
    /// <exception cref="AtlException">A net has other inputs or outputs, or an option makes no sense.</exception>
    public MtcnnDetector(IReadOnlyList<Model> nets, MtcnnOptions options)
    {
        if (nets.Count != 3)
            throw new ArgumentException($"{nets.Count} nets, expected P-Net, R-Net and O-Net", nameof(nets));
        if (options.MinSize < 12)
            throw new AtlException($"the smallest face is {options.MinSize} pixels, expected at least 12");
        if (!(options.Factor is > 0 and <= MtcnnOptions.LargestFactor))
            throw new AtlException(FormattableString.Invariant(
                $"the factor between pyramid levels is {options.Factor}, expected one above 0 and at most {MtcnnOptions.LargestFactor}"));
        PixelPlanes planes = new(127.5f, 1 / 128f, options.Rgb, options.Transposed);
        List<DetectorNet> made = [];
        try
        {
            made.Add(new DetectorNet(nets[0], "P-Net", options.Threads, 2, 4));
            made.Add(new DetectorNet(nets[1], "R-Net", options.Threads, 2, 4));
            made.Add(new DetectorNet(nets[2], "O-Net", options.Threads, 2, 4, 10));
        }
        catch
        {
            made.ForEach(net => net.Dispose());
            throw;
        }
        _nets = [.. made];
        _propose = new ProposalStage(_nets[0], planes, options);
        _refine = new RefinementStage(_nets[1], planes, RefinementSide, options.RefinementThreshold, points: false);
        _output = new RefinementStage(_nets[2], planes, OutputSide, options.OutputThreshold, points: true);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images)
    {
        IEnumerable<Candidate> proposed = _propose.Run(images).SelectMany(candidates => candidates);
        IEnumerable<Candidate> refined = _refine.Run(images, [.. proposed]).GroupBy(candidate => candidate.Image)
            .SelectMany(group => Candidate.Suppress([.. group], Overlap, OverlapMeasure.Union))
            .Select(candidate => candidate.Squared());
        List<DetectedFace>[] faces = [.. images.Select(_ => new List<DetectedFace>())];
        foreach (IGrouping<int, Candidate> group in _output.Run(images, [.. refined])
            .GroupBy(candidate => candidate.Image))
            foreach (Candidate candidate in Candidate.Suppress(
                [.. group.Select(candidate => candidate with { Box = candidate.Moved })], Overlap,
                OverlapMeasure.Min))
                faces[group.Key].Add(new DetectedFace(candidate.Box, candidate.Score, candidate.Landmarks));
        return faces;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DetectorNet net in _nets) net.Dispose();
    }
}
