using Atl.Face.Faces;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>R-Net or O-Net over crops of the candidates, in batches across images; what lies outside of an image is
/// black.</summary>
internal sealed class RefinementStage(DetectorNet net, PixelPlanes planes, int side, float threshold, bool points)
{
    // Batches of few sizes: the operators of a size are made once and used again.
    private const int Batch = 32, Step = 8;

    // Of boxes with a longer side that lie in part outside of their image, a smaller copy is filled up with black.
    private const int LongestFilled = 8192;

    // Boxes of damaged nets may be anywhere.
    private const int Farthest = 1 << 24;

    /// <summary>The candidates whose probability passes, with new scores and offsets, and with points where the net has
    /// them.</summary>
    public List<Candidate> Run(IReadOnlyList<Mat> images, IReadOnlyList<Candidate> candidates)
    {
        List<Candidate> passed = [];
        foreach (Candidate[] batch in candidates.Chunk(Batch)) RunBatch(images, batch, passed);
        return passed;
    }

    private void RunBatch(IReadOnlyList<Mat> images, Candidate[] batch, List<Candidate> passed)
    {
        int size = 3 * side * side;
        Span<float> input = net.Input((batch.Length + Step - 1) / Step * Step, side, side);
        input[(batch.Length * size)..].Clear();
        for (int i = 0; i < batch.Length; i++)
        {
            using Mat crop = Crop(images[batch[i].Image], batch[i].Box);
            planes.Write(crop, input.Slice(i * size, size));
        }
        net.Forward();
        float[] p = net.Output(2).ToArray(), o = net.Output(4).ToArray(), at = points ? net.Output(10).ToArray() : [];
        for (int i = 0; i < batch.Length; i++)
        {
            float score = p[(2 * i) + 1];
            if (!(score > threshold)) continue;
            Candidate candidate = batch[i]
                with
            { Score = score, Offsets = new FaceBox(o[4 * i], o[(4 * i) + 1], o[(4 * i) + 2], o[(4 * i) + 3]) };
            passed.Add(points ? candidate with { Landmarks = PointsIn(candidate.Box, at.AsSpan(10 * i, 10)) }
                : candidate);
        }
    }

    // x1 … x5 y1 … y5 in parts of the crop's extent.
    internal static Landmarks PointsIn(FaceBox box, ReadOnlySpan<float> parts)
    {
        Span<float> numbers = stackalloc float[2 * Landmarks.Count];
        for (int i = 0; i < Landmarks.Count; i++)
            (numbers[2 * i], numbers[(2 * i) + 1]) = (box.Left + (box.Width * parts[i]),
                box.Top + (box.Height * parts[Landmarks.Count + i]));
        return Landmarks.FromNumbers(numbers);
    }

    private Mat Crop(Mat image, FaceBox box)
    {
        Rect wanted = new(Place(box.Left), Place(box.Top), Side(box.Width), Side(box.Height)),
            inside = wanted & new Rect(0, 0, image.Cols, image.Rows);
        InterpolationFlags by = wanted.Width > side ? InterpolationFlags.Area : InterpolationFlags.Linear;
        if (inside == wanted)
        {
            using Mat view = new(image, wanted);
            return view.Resize(new Size(side, side), 0, 0, by);
        }
        int shrink = (Math.Max(wanted.Width, wanted.Height) + LongestFilled - 1) / LongestFilled;
        using Mat padded = new((wanted.Height + shrink - 1) / shrink, (wanted.Width + shrink - 1) / shrink,
            MatType.CV_8UC3, Scalar.All(0));
        if (inside.Width >= shrink && inside.Height >= shrink)
        {
            Rect filled = new((inside.X - wanted.X) / shrink, (inside.Y - wanted.Y) / shrink, inside.Width / shrink,
                inside.Height / shrink);
            using Mat from = new(image, inside), to = new(padded, filled);
            if (shrink == 1) from.CopyTo(to);
            else Cv2.Resize(from, to, filled.Size, 0, 0, InterpolationFlags.Area);
        }
        return padded.Resize(new Size(side, side), 0, 0, by);
    }

    private static int Place(float edge) => Math.Clamp((int)edge, -Farthest, Farthest);

    private static int Side(float length) => Math.Clamp((int)length, 1, Farthest);
}
