using Atl.Proto;
using MarginType = Atl.Proto.MarginInnerProductParameter.Types.MarginType;

namespace Atl.Tests.Layers;

/// <summary>The exact gradient against central differences: of the layer, and of the reference itself.</summary>
public class MarginInnerProductGradientTests
{
    private const int M = 6, N = 5, K = 7;

    [Test]
    public void TheExactGradientIsTheDerivative(
        [Values(MarginType.Single, MarginType.Double, MarginType.Triple, MarginType.Quadruple)] MarginType type,
        [Values(0, 5)] float lambda)
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(N, type, lambda);
        parameter.ExactGradient = true;
        using MarginCase test = Filled(parameter, type);
        test.Forward();
        MarginInnerProductLayerTests.Random(test.Y.Diff, 9);
        float[] g = test.Y.Diff.AsReadOnlySpan().ToArray(), x = test.X.Data.AsReadOnlySpan().ToArray();
        test.Backward();
        float[] dx = test.X.Diff.AsReadOnlySpan().ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            const float step = 1e-2f;
            double slope = (Objective(i, step) - Objective(i, -step)) / (2 * step);
            Assert.That(dx[i], Is.EqualTo(slope).Within(5e-3 * Math.Max(1, Math.Abs(slope))), $"element {i}");
        }

        double Objective(int i, float step)
        {
            float[] moved = (float[])x.Clone();
            moved[i] += step;
            MarginCase.Set(test.X.Data, moved);
            test.Forward();
            return MarginCase.Doubles(test.Y.Data).Zip(g, (value, weight) => value * weight).Sum();
        }
    }

    [Test]
    public void TheReferenceAgreesWithItsOwnDifferences(
        [Values(MarginType.Single, MarginType.Double, MarginType.Triple, MarginType.Quadruple)] MarginType type,
        [Values(0, 5)] double lambda)
    {
        using MarginCase test = Filled(MarginCase.Parameter(N, type), type);
        MarginInnerProductLayerTests.Random(test.Y.Diff, 9);
        double[] g = MarginCase.Doubles(test.Y.Diff), x = MarginCase.Doubles(test.X.Data),
            w = MarginCase.Doubles(test.W.Data);
        int[] label = [.. MarginCase.Doubles(test.Label.Data).Select(value => (int)value)];
        double[] dx = new NaiveMargin(M, N, K, x, label, w, type, lambda).SampleGradient(g, exact: true,
            semihard: false);
        for (int i = 0; i < x.Length; i++)
        {
            const double step = 1e-5;
            double slope = (Objective(i, step) - Objective(i, -step)) / (2 * step);
            Assert.That(dx[i], Is.EqualTo(slope).Within(1e-6), $"element {i}");
        }

        double Objective(int i, double step)
        {
            double[] moved = (double[])x.Clone();
            moved[i] += step;
            return new NaiveMargin(M, N, K, moved, label, w, type, lambda).Logits.Zip(g, (value, weight) =>
                value * weight).Sum();
        }
    }

    private static MarginCase Filled(MarginInnerProductParameter parameter, MarginType type)
    {
        MarginCase test = new(parameter, M, K);
        for (ulong seed = 1; ; seed++)
        {
            MarginInnerProductLayerTests.FillAwayFromBranches(test, type, N, seed);
            NaiveMargin naive = test.Naive(1);
            // Far enough from every branch, and long enough, for the steps of the differences.
            if (Enumerable.Range(0, M).All(i => NaiveMargin.DistanceToBranch(type, naive.Cosine(i)) > 2e-2
                && naive.Norms[i] > 1)) return test;
        }
    }
}
