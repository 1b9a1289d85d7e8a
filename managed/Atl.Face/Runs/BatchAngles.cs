using System.Numerics.Tensors;
using Atl.Face.Verification;
using Atl.Layers;

namespace Atl.Face.Runs;

/// <summary>Angles in degrees between what a margin layer compares, in one batch.</summary>
/// <param name="OwnCentre">Between each sample and the row of W of its class: its center, or with <c>triplet</c> the
/// sample that stands for it.</param>
/// <param name="OtherCentre">Between each sample and the nearest row of another class.</param>
/// <param name="Genuine">Between the samples of each pair of one class.</param>
/// <param name="Impostor">Between the samples of each pair of two classes.</param>
internal sealed record BatchAngles(IReadOnlyList<double> OwnCentre, IReadOnlyList<double> OtherCentre,
    IReadOnlyList<double> Genuine,
    IReadOnlyList<double> Impostor)
{
    // 256 samples make 32,640 pairs: more tell no more.
    private const int PairedSamples = 256;

    /// <summary>
    /// Reads the angles at the net's first MarginInnerProduct layer after a forward, when W has unit rows; null where
    /// there is no such layer. Samples without a direction (zero or not finite), or of no class, are left out.
    /// </summary>
    public static BatchAngles? Compute(Net net)
    {
        int place = Enumerable.Range(0, net.Layers.Count)
            .FirstOrDefault(i => net.Layers[i] is MarginInnerProductLayer, -1);
        if (place < 0) return null;
        using ReadOnlyElementLoan samples = net.Bottoms(place)[0].Data.Borrow(),
            scores = net.Tops(place)[0].Data.Borrow();
        float[] labels = net.Bottoms(place)[1].Data.ToArray();
        Tensor centres = net.Layers[place].Blobs[0].Data;
        int classes = net.Layers[place].Blobs[0].Shape[0], features = net.Layers[place].Blobs[0].Shape[1];

        List<(float[] Direction, int Label)> units = [];
        List<double> own = [], other = [];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> sample = samples.Span.Slice(i * features, features);
            float norm = TensorPrimitives.Norm(sample);
            if (!(norm > 0 && float.IsFinite(norm)) || !(labels[i] >= 0 && labels[i] < classes)) continue;
            float[] unit = new float[features];
            TensorPrimitives.Divide(sample, norm, unit);
            int label = (int)labels[i];
            units.Add((unit, label));
            using ReadOnlyElementLoan centre = centres.Borrow((long)label * features, features);
            own.Add(AngleHistogram.Degrees(TensorPrimitives.Dot(unit, centre.Span)));
            // Scores of other classes are x·w without a margin, whatever the type.
            ReadOnlySpan<float> row = scores.Span.Slice(i * classes, classes);
            float nearest = float.NegativeInfinity;
            if (label > 0) nearest = TensorPrimitives.Max(row[..label]);
            if (label + 1 < classes) nearest = MathF.Max(nearest, TensorPrimitives.Max(row[(label + 1)..]));
            if (classes > 1) other.Add(AngleHistogram.Degrees(nearest / norm));
        }

        List<double> genuine = [], impostor = [];
        for (int a = 0; a < Math.Min(PairedSamples, units.Count); a++)
            for (int b = 0; b < a; b++)
                (units[a].Label == units[b].Label
                    ? genuine
                    : impostor).Add(AngleHistogram.Degrees(TensorPrimitives.Dot(units[a].Direction,
                        units[b].Direction)));
        return new BatchAngles(own, other, genuine, impostor);
    }
}
