using Atl.Face.Faces;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// P-Net over an image pyramid: fully convolutional with stride 2 and cells of 12 × 12 pixels, reshaped to each level's size, on all images of
/// one size at once.
/// </summary>
internal sealed class ProposalStage(DetectorNet net, PixelPlanes planes, MtcnnOptions options)
{
    private const int Cell = 12, Stride = 2;
    private const float OverlapInLevel = 0.5f, OverlapBetweenLevels = 0.7f;

    // Bounds the memory of the net's first layers.
    private const int PixelsAtOnce = 1 << 21;

    /// <summary>The scales of the pyramid, by which the smallest face and larger ones become 12 pixels.</summary>
    public static List<double> Scales(int width, int height, int minSize, double factor)
    {
        List<double> scales = [];
        for (double scale = (double)Cell / minSize; Math.Min(width, height) * scale >= Cell; scale *= factor) scales.Add(scale);
        return scales;
    }

    /// <summary>The square candidates of every image.</summary>
    public List<Candidate>[] Run(IReadOnlyList<Mat> images)
    {
        List<Candidate>[] found = [.. images.Select(_ => new List<Candidate>())];
        foreach (IGrouping<(int Width, int Height), int> group in Enumerable.Range(0, images.Count).GroupBy(i => (images[i].Cols, images[i].Rows)))
            foreach (double scale in Scales(group.Key.Width, group.Key.Height, options.MinSize, options.Factor))
            {
                Size level = new((int)Math.Ceiling(group.Key.Width * scale), (int)Math.Ceiling(group.Key.Height * scale));
                foreach (int[] batch in group.Chunk(Math.Max(1, PixelsAtOnce / (level.Width * level.Height)))) RunLevel(images, batch, level, found);
            }
        for (int i = 0; i < found.Length; i++)
            found[i] = [.. Candidate.Suppress(found[i], OverlapBetweenLevels, OverlapMeasure.Union).Select(candidate => candidate.Squared())];
        return found;
    }

    private void RunLevel(IReadOnlyList<Mat> images, int[] batch, Size level, List<Candidate>[] found)
    {
        (int rows, int columns) = planes.Transposed ? (level.Width, level.Height) : (level.Height, level.Width);
        Span<float> input = net.Input(batch.Length, rows, columns);
        int size = 3 * rows * columns;
        for (int i = 0; i < batch.Length; i++)
        {
            Mat image = images[batch[i]];
            using Mat resized = image.Resize(level, 0, 0, level.Width < image.Cols ? InterpolationFlags.Area : InterpolationFlags.Linear);
            planes.Write(resized, input.Slice(i * size, size));
        }
        net.Forward();
        Blob probability = net.Output(2), offsets = net.Output(4);
        ReadOnlySpan<float> p = probability.Data.AsReadOnlySpan(), o = offsets.Data.AsReadOnlySpan();
        int mapColumns = probability.Shape[3], map = probability.Shape[2] * mapColumns;
        for (int i = 0; i < batch.Length; i++)
        {
            Mat image = images[batch[i]];
            float stretchX = (float)image.Cols / level.Width, stretchY = (float)image.Rows / level.Height;
            List<Candidate> inLevel = [];
            for (int place = 0; place < map; place++)
            {
                float score = p[(((2 * i) + 1) * map) + place];
                if (!(score >= options.ProposalThreshold)) continue;
                (int y, int x) = planes.Transposed ? (place % mapColumns, place / mapColumns) : (place / mapColumns, place % mapColumns);
                FaceBox box = new(Stride * x * stretchX, Stride * y * stretchY, ((Stride * x) + Cell) * stretchX, ((Stride * y) + Cell) * stretchY);
                int at = (4 * i * map) + place;
                inLevel.Add(new Candidate(batch[i], box, score, new FaceBox(o[at], o[at + map], o[at + (2 * map)], o[at + (3 * map)])));
            }
            found[batch[i]].AddRange(Candidate.Suppress(inLevel, OverlapInLevel, OverlapMeasure.Union));
        }
    }
}
