using System.Globalization;
using System.Numerics.Tensors;
using Atl.Face.Verification;

namespace Atl.Benchmarks;

/// <summary>Verification over all pairs of a set; the floor is each pair's cosine by itself on as many threads, sorted:
/// what a plain program does.</summary>
internal static class FeaturePairs
{
    private const int Images = 4473, Columns = 512, ImagesAPerson = 3;

    /// <summary>Ten million pairs of 512 values: ROC, thresholds and intervals over people.</summary>
    public static Measurement Verify(string name, int rounds, TextWriter output)
    {
        (FeatureMatrix features, int[] labels) = Make();
        VerificationOptions options = new() { Labels = labels };
        PairList none = new([], 1);
        double? tar = null;
        Action ours = () => tar = VerificationResult.Compute(
            features, none, options with
            {
                All = AllPairs.Compute(features, labels,
            new AllPairsOptions { Bootstrap = new BootstrapOptions() })
            }).Tars[^1].Tar;
        double? plainTar = null;
        Action plain = () => plainTar = Plainly(features, labels).TarAt(VerificationResult.DefaultRates[^1]).Tar;
        ours();
        plain();
        if (tar != plainTar) throw new InvalidOperationException($"TAR@FAR=1e-6 is {tar}, plainly computed {plainTar}");
        double peak = Machine.PeakMemory(), least = double.PositiveInfinity, leastFloor = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            leastFloor = Math.Min(leastFloor, Timing.Milliseconds(plain));
            least = Math.Min(least, Timing.Milliseconds(ours));
        }
        const double Pairs = Images * (Images - 1) / 2;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {Pairs:N0} pairs of {Columns} values, {Pairs / least / 1000:F1} million pairs/s with "
                + $"intervals; plainly, "
                + $"without, {Pairs / leastFloor / 1000:F1} million pairs/s"));
        return new Measurement(name, least, leastFloor, peak);
    }

    private static SortedScores Plainly(FeatureMatrix features, int[] labels)
    {
        float[][] unit = [.. Enumerable.Range(0, Images).Select(row =>
        {
            float[] values = features[row].ToArray();
            TensorPrimitives.Divide(values, TensorPrimitives.Norm<float>(values), values);
            return values;
        })];
        double[][] genuine = new double[Images][], impostor = new double[Images][];
        Parallel.For(0, Images, a =>
        {
            List<double> same = [], other = [];
            for (int b = a + 1; b < Images; b++)
                (labels[a] == labels[b] ? same : other).Add(TensorPrimitives.Dot<float>(unit[a], unit[b]));
            (genuine[a], impostor[a]) = ([.. same], [.. other]);
        });
        return new SortedScores(genuine.SelectMany(scores => scores), impostor.SelectMany(scores => scores));
    }

    private static (FeatureMatrix Features, int[] Labels) Make()
    {
        RandomStream random = new(1, "features");
        int[] labels = [.. Enumerable.Range(0, Images).Select(image => image / ImagesAPerson)];
        float[] person = new float[Columns];
        float[] values = new float[Images * Columns];
        for (int image = 0; image < Images; image++)
            for (int k = 0; k < Columns; k++)
            {
                if (image % ImagesAPerson == 0) person[k] = random.NextGaussian();
                values[(image * Columns) + k] = person[k] + (1.5f * random.NextGaussian());
            }
        return (new FeatureMatrix(values, Images, Columns), labels);
    }
}
