using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>
/// P-Net over an image pyramid: fully convolutional with stride 2 and cells of 12 × 12 pixels, reshaped to each level's
/// size, on all images of one size at once.
/// </summary>
internal sealed class ProposalStage(DetectorNet net, PixelPlanes planes, MtcnnOptions options)
{
    private const float OverlapInLevel = 0.5f, OverlapBetweenLevels = 0.7f;

    // Suppression compares all with all: of more candidates in a level, which no photograph has, the surest stay.
    private const int MostInLevel = 1 << 16;

    /// <summary>The scales of the pyramid, by which the smallest face and larger ones become 12 pixels.</summary>
    public static List<double> Scales(int width, int height, int minSize, double factor)
    {
        List<double> scales = [];
        for (double scale = (double)LevelTile.Cell / minSize; Math.Min(width, height) * scale >= LevelTile.Cell;
            scale *= factor) scales.Add(scale);
        return scales;
    }

    /// <summary>The square candidates of every image.</summary>
    public List<Candidate>[] Run(IReadOnlyList<Mat> images)
    {
        List<Candidate>[] found = [.. images.Select(_ => new List<Candidate>())];
        foreach (IGrouping<(int Width, int Height), int> group in Enumerable.Range(0, images.Count)
            .GroupBy(i => (images[i].Cols, images[i].Rows)))
            foreach (double scale in Scales(group.Key.Width, group.Key.Height, options.MinSize, options.Factor))
            {
                Size level = new((int)Math.Ceiling(group.Key.Width * scale),
                    (int)Math.Ceiling(group.Key.Height * scale));
                foreach (int[] batch in group.Chunk(Math.Max(1, options.PixelsAtOnce / (level.Width * level.Height))))
                    RunLevel(images, batch, level, found);
            }
        for (int i = 0; i < found.Length; i++)
            found[i] = [.. Candidate.Suppress(found[i], OverlapBetweenLevels, OverlapMeasure.Union)
                .Select(candidate => candidate.Squared())];
        return found;
    }

    private void RunLevel(IReadOnlyList<Mat> images, int[] batch, Size level, List<Candidate>[] found)
    {
        List<(int Place, Candidate Candidate)>[] inLevel = [.. batch.Select(_ => new List<(int, Candidate)>())];
        Mat[] scaled = new Mat[batch.Length];
        try
        {
            for (int i = 0; i < batch.Length; i++) scaled[i] = Scaled(images[batch[i]], level);
            foreach (LevelTile tile in LevelTile.Of(level, options.PixelsAtOnce))
                RunTile(images, batch, scaled, tile, inLevel);
        }
        finally
        {
            foreach (Mat? image in scaled) image?.Dispose();
        }
        for (int i = 0; i < batch.Length; i++)
        {
            // In the order of the whole level's map, whatever its tiles are: of equal scores the first one stays.
            inLevel[i].Sort((first, second) => first.Place.CompareTo(second.Place));
            found[batch[i]].AddRange(Candidate.Suppress([.. inLevel[i].Select(entry => entry.Candidate)],
                OverlapInLevel, OverlapMeasure.Union));
        }
    }

    private static Mat Scaled(Mat image, Size level) => level == image.Size()
        ? new Mat(image, new Rect(new Point(), level))
        : image.Resize(level, 0, 0, level.Width < image.Cols ? InterpolationFlags.Area : InterpolationFlags.Linear);

    private void RunTile(
        IReadOnlyList<Mat> images, int[] batch, Mat[] scaled, LevelTile tile,
        List<(int Place, Candidate Candidate)>[] inLevel)
    {
        (int rows, int columns) = planes.Transposed ? (tile.Pixels.Width, tile.Pixels.Height)
            : (tile.Pixels.Height, tile.Pixels.Width);
        Span<float> input = net.Input(batch.Length, rows, columns);
        int size = 3 * rows * columns;
        for (int i = 0; i < batch.Length; i++)
        {
            using Mat part = new(scaled[i], tile.Pixels);
            planes.Write(part, input.Slice(i * size, size));
        }
        net.Forward();
        SessionBlob probability = net.Output(2), offsets = net.Output(4);
        (int mapRows, int mapColumns) = (probability.Shape[2], probability.Shape[3]);
        (int wantedRows, int wantedColumns) = planes.Transposed ? (tile.Columns, tile.Rows) : (tile.Rows, tile.Columns);
        Size level = scaled[0].Size();
        if (tile.Pixels.Size != level && (mapRows, mapColumns) != (wantedRows, wantedColumns))
            throw new AtlException($"P-Net computes a map of {mapRows} x {mapColumns} of {rows} x {columns} pixels, "
                + $"expected {wantedRows} x {wantedColumns}: cells of {LevelTile.Cell} x {LevelTile.Cell} pixels, "
                + $"{LevelTile.Stride} apart; a net with others takes only smaller images");
        using ReadOnlyElementLoan probabilities = probability.Borrow(), parts = offsets.Borrow();
        ReadOnlySpan<float> p = probabilities.Span, o = parts.Span;
        int map = mapRows * mapColumns, allRows = (level.Height + 1) / LevelTile.Stride,
            allColumns = (level.Width + 1) / LevelTile.Stride;
        for (int i = 0; i < batch.Length; i++)
        {
            Mat image = images[batch[i]];
            float stretchX = (float)image.Cols / level.Width, stretchY = (float)image.Rows / level.Height;
            for (int place = 0; place < map; place++)
            {
                float score = p[(((2 * i) + 1) * map) + place];
                if (!(score >= options.ProposalThreshold)) continue;
                (int y, int x) = planes.Transposed ? (place % mapColumns, place / mapColumns)
                    : (place / mapColumns, place % mapColumns);
                (y, x) = (tile.Y + y, tile.X + x);
                FaceBox box = new(
                    LevelTile.Stride * x * stretchX, LevelTile.Stride * y * stretchY,
                    ((LevelTile.Stride * x) + LevelTile.Cell) * stretchX,
                    ((LevelTile.Stride * y) + LevelTile.Cell) * stretchY);
                int at = (4 * i * map) + place;
                inLevel[i].Add((planes.Transposed ? (x * allRows) + y : (y * allColumns) + x,
                    new Candidate(batch[i], box, score,
                        new FaceBox(o[at], o[at + map], o[at + (2 * map)], o[at + (3 * map)]))));
            }
            KeepSurest(inLevel[i]);
        }
    }

    private static void KeepSurest(List<(int Place, Candidate Candidate)> candidates)
    {
        if (candidates.Count <= MostInLevel) return;
        candidates.Sort((first, second) => second.Candidate.Score.CompareTo(first.Candidate.Score) is not 0
            and var order
            ? order
            : first.Place.CompareTo(second.Place));
        candidates.RemoveRange(MostInLevel, candidates.Count - MostInLevel);
    }
}
