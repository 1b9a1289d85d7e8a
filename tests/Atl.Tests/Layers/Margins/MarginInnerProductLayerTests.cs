using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;
using MarginType = Atl.Proto.MarginInnerProductParameter.Types.MarginType;

namespace Atl.Tests.Layers;

public class MarginInnerProductLayerTests
{
    private static readonly MarginType[] Types = [MarginType.Single, MarginType.Double, MarginType.Triple,
        MarginType.Quadruple];
    private static readonly (int M, int N, int K)[] Shapes = [(7, 10, 17), (1, 9, 1), (5, 1, 3), (1, 1, 1),
        (33, 70, 129), (2, 41, 513), (4, 2100, 19)];

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (MarginType type in Types)
            foreach ((int m, int n, int k) in Shapes)
                foreach (float lambda in (float[])[0, 5, 1000])
                    for (int flags = 0; flags < 8; flags++)
                        yield return new TestCaseData(type, m, n, k, lambda, (flags & 1) != 0, (flags & 2) != 0,
                            (flags & 4) != 0);
    }

    [TestCaseSource(nameof(Cases))]
    public void ValuesAndGradientsAreThoseOfThePublishedFormulas(
        MarginType type, int m, int n, int k, float lambda, bool triplet, bool semihard, bool exact)
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(n, type, lambda);
        (parameter.Triplet, parameter.Semihard, parameter.ExactGradient) = (triplet, semihard, exact);
        using MarginCase test = new(parameter, m, k);
        FillAwayFromBranches(test, type, n, seed: (ulong)(m * 1000 + n * 10 + k));
        CheckAgainstNaive(test, lambda, triplet, semihard, exact);
    }

    [Test]
    public void DegenerateSamplesAndRowsFollowTheRules(
        [ValueSource(nameof(Types))] MarginType type, [Values] bool triplet, [Values] bool semihard,
        [Values] bool exact)
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(4, type, 5);
        (parameter.Triplet, parameter.Semihard, parameter.ExactGradient) = (triplet, semihard, exact);
        using MarginCase test = new(parameter, 8, 3);
        // |x| = 0, 1e-4, 1e-29, 1e-42 (denormal; the derivative's x / |x| fades below 1e-30), just below and just above
        // the border, and two of a usual size of which one has a row of zeros.
        MarginCase.Set(test.X.Data,
            [0, 0, 0, 6e-5f, 0, -8e-5f, 1e-29f, 0, 0, 0, exact ? -1e-29f : 1e-42f, 0, 0, 9.99e-4f, 0, 1.1e-3f, 0.2e-3f,
                0, 2, -1, 0.25f, 1, 2, 3]);
        test.SetLabels(0, 1, 2, 3, 0, 1, 2, 3);
        MarginCase.Set(test.W.Data, [3, 0, 4, 1, 2, -2, -1, 1, 0.5f, 0, 0, 0]);
        CheckAgainstNaive(test, 5, triplet, semihard, exact);
    }

    [Test]
    public void NoFiniteInputGivesNaN([ValueSource(nameof(Types))] MarginType type, [Values] bool exact)
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(2, type, 5);
        parameter.ExactGradient = exact;
        float[] sizes = [0, 1e-45f, 1e-38f, 1e-30f, 1e-20f, 1, 1e15f];
        using MarginCase test = new(parameter, sizes.Length * 2, 2);
        MarginCase.Set(test.X.Data, [.. sizes.SelectMany(size => (float[])[size, 0, -size, size])]);
        MarginCase.Set(test.W.Data, [1e-40f, 0, 1e-20f, 1e18f]);
        test.SetLabels([.. Enumerable.Range(0, sizes.Length * 2).Select(i => i / 2 % 2)]);
        test.Forward();
        test.Y.Diff.Fill(1);
        test.Backward();
        foreach (Tensor tensor in (Tensor[])[test.Y.Data, test.W.Data, test.X.Diff, test.W.Diff])
            Assert.That(tensor.AsReadOnlySpan().ToArray(), Is.All.Matches<float>(float.IsFinite));
    }

    // Cosines at which a sign function is 0 in float and double alike: 0, and 1/2 with rows of four equal entries.
    [Test]
    public void BetweenTwoBranchesTheSignIsZero([ValueSource(nameof(Types))] MarginType type, [Values] bool exact)
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(3, type, 2);
        parameter.ExactGradient = exact;
        using MarginCase test = new(parameter, 3, 4);
        MarginCase.Set(test.X.Data, [2, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0, 5]);
        test.SetLabels(1, 0, 2);
        MarginCase.Set(test.W.Data, [0.5f, 0.5f, 0.5f, 0.5f, 0, 1, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f]);
        CheckAgainstNaive(test, 2, triplet: false, semihard: false, exact);
    }

    // Rows 0, 1 and 2 are equal, so all logits tie: only the label at the lowest place wins.
    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(2, true)]
    public void TiesGoToTheLowerClass(int label, bool kept)
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(3, MarginType.Single);
        parameter.Semihard = true;
        using MarginCase test = new(parameter, 1, 2);
        MarginCase.Set(test.X.Data, [3, 4]);
        test.SetLabels(label);
        MarginCase.Set(test.W.Data, [1, 0, 1, 0, 1, 0]);
        test.Forward();
        MarginCase.Set(test.Y.Diff, [1, 2, 3]);
        test.Backward();
        Assert.That(test.X.Diff.AsReadOnlySpan().ToArray(), Is.EqualTo(kept ? [6f, 0f] : new float[2]));
    }

    // The first sample wins with the margin, the second only without it, the third not at all.
    [Test]
    public void OnlySemihardSamplesKeepTheirGradient()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(2, MarginType.Double, 0);
        parameter.Semihard = true;
        using MarginCase test = new(parameter, 3, 2);
        MarginCase.Set(test.W.Data, [1, 0, 0, 1]);
        MarginCase.Set(test.X.Data, [4, -1, 4, 3, 1, 2]);
        test.SetLabels(0, 0, 0);
        test.Forward();
        test.Y.Diff.Fill(1);
        test.Backward();
        float[] dx = test.X.Diff.AsReadOnlySpan().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(dx[..2], Is.All.Zero);
            Assert.That(dx[2..4], Is.All.Not.Zero);
            Assert.That(dx[4..], Is.All.Zero);
        });
    }

    // Logits far below the -2 at which the published argmax began.
    [Test]
    public void SemihardMiningKnowsNoLowestLogit()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(2, MarginType.Single);
        parameter.Semihard = true;
        using MarginCase test = new(parameter, 2, 1);
        MarginCase.Set(test.W.Data, [1, 1]);
        MarginCase.Set(test.X.Data, [-50, -50]);
        test.SetLabels(0, 1);
        test.Forward();
        test.Y.Diff.Fill(1);
        test.Backward();
        Assert.That(test.X.Diff.AsReadOnlySpan().ToArray(), Is.EqualTo([0f, 2f]));
    }

    [Test]
    public void TheLaterSampleOfAClassStaysInTheBank()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(2, MarginType.Single);
        parameter.Triplet = true;
        using MarginCase test = new(parameter, 64, 1);
        float[] samples = [.. Enumerable.Range(1, 64).Select(i => (float)i)];
        MarginCase.Set(test.X.Data, samples);
        test.SetLabels([.. Enumerable.Range(0, 64).Select(i => i < 60 ? 0 : 1)]);
        RandomStream draws = test.Draws;
        bool[] drawn = [.. samples.Select(_ => draws.Next(10) > 4)];
        test.Forward();
        test.Backward();
        Assert.That(test.W.Data.AsReadOnlySpan()[0], Is.EqualTo(Array.FindLastIndex(drawn, 59, value => value) + 1f));
        Assert.That(drawn.Count(value => value), Is.InRange(16, 48));
    }

    [Test]
    public void AWeightGradientIsAddedAndTheTopGradientIsLeftAlone()
    {
        using MarginCase test = new(MarginCase.Parameter(10, MarginType.Quadruple), 7, 17);
        FillAwayFromBranches(test, MarginType.Quadruple, 10, 3);
        test.Forward();
        Random(test.Y.Diff, 8);
        float[] before = test.Y.Diff.AsReadOnlySpan().ToArray();
        test.Backward();
        float[] once = test.W.Diff.AsReadOnlySpan().ToArray();
        test.Backward(samples: false);
        Assert.That(test.Y.Diff.AsReadOnlySpan().ToArray(), Is.EqualTo(before));
        Assert.That(test.W.Diff.AsReadOnlySpan().ToArray(), Is.EqualTo(once.Select(value => 2 * value)).Within(1e-5));
    }

    [Test]
    public void RowsOfUnitLengthKeepTheirBits()
    {
        using MarginCase test = new(MarginCase.Parameter(200, MarginType.Single), 3, 300);
        test.Forward();
        float[] once = test.W.Data.AsReadOnlySpan().ToArray();
        test.Forward();
        Assert.That(test.W.Data.AsReadOnlySpan().ToArray(), Is.EqualTo(once));
        for (int j = 0; j < 200; j++)
            Assert.That(once[(j * 300)..(j * 300 + 300)].Sum(value => (double)value * value),
                Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void LambdaAnnealsWithTheForwardsAndStopsAtItsLeast()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(4, MarginType.Quadruple, 1000, 5);
        (parameter.Gamma, parameter.Power, parameter.Iteration) = (0.12f, 2, 10);
        using MarginCase test = new(parameter, 2, 3);
        for (int t = 11; t < 200; t++)
        {
            test.Forward();
            double expected = Math.Max(1000 * Math.Pow(1 + (double)0.12f * t, -2), 5);
            Assert.That(test.Lambda.Data.AsReadOnlySpan()[0],
                Is.EqualTo(expected).Within(1e-6).Percent.Or.EqualTo((float)expected), $"t = {t}");
        }
        Assert.That(test.Lambda.Shape, Is.EqualTo(new Shape(1)));
    }

    [Test]
    public void BaseZeroGivesTheLeastLambda()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(4, MarginType.Single, 0, 3);
        parameter.Gamma = 0.12f;
        using MarginCase test = new(parameter, 2, 3);
        test.Forward();
        Assert.That(test.Lambda.Data.AsReadOnlySpan()[0], Is.EqualTo(3));
    }

    [Test]
    public void TheLambdaTopMayBeLeftOut()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(4, MarginType.Quadruple);
        using MarginCase with = new(parameter, 2, 3), without = new(parameter, 2, 3, lambdaTop: false);
        foreach (MarginCase test in (MarginCase[])[with, without])
        {
            MarginCase.Set(test.X.Data, [1, 2, 3, -1, 0.5f, 2]);
            test.SetLabels(1, 3);
            test.Forward();
        }
        Assert.That(without.Y.Data.AsReadOnlySpan().ToArray(), Is.EqualTo(with.Y.Data.AsReadOnlySpan().ToArray()));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.MarginCountSurvives)]
    public void AResumedLayerGoesOnWithLambdaAndDraws()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(6, MarginType.Double, 100);
        (parameter.Gamma, parameter.Triplet, parameter.Semihard) = (0.5f, true, true);
        using MarginCase whole = new(parameter, 5, 4);
        LayerState state = new();
        float[] weights = [];
        for (int step = 0; step < 10; step++)
        {
            if (step == 6)
            {
                whole.Layer.SaveState(state);
                weights = whole.W.Data.AsReadOnlySpan().ToArray();
            }
            Step(whole, step);
        }
        using MarginCase resumed = new(parameter, 5, 4);
        resumed.Layer.LoadState(state);
        MarginCase.Set(resumed.W.Data, weights);
        for (int step = 6; step < 10; step++) Step(resumed, step);
        Assert.Multiple(() =>
        {
            Assert.That(resumed.Layer.Forwards, Is.EqualTo(10));
            Assert.That(resumed.Lambda.Data.AsReadOnlySpan()[0], Is.EqualTo(whole.Lambda.Data.AsReadOnlySpan()[0]));
            Assert.That(resumed.W.Data.AsReadOnlySpan().ToArray(), Is.EqualTo(whole.W.Data.AsReadOnlySpan().ToArray()));
            Assert.That(resumed.X.Diff.AsReadOnlySpan().ToArray(), Is.EqualTo(whole.X.Diff.AsReadOnlySpan().ToArray()));
        });

        static void Step(MarginCase test, int step)
        {
            Random(test.X.Data, (ulong)step);
            Random(test.Y.Diff, (ulong)step + 100);
            test.SetLabels(step % 6, 1, 2, 1, 5);
            test.Forward();
            test.Backward();
        }
    }

    [TestCase(1, "2 3 4 5", 60)]
    [TestCase(-1, "2 3 4 5", 5)]
    [TestCase(-2, "2 3 4 5", 20)]
    [TestCase(0, "2 3", 6)]
    public void FeaturesAreTheAxesFromTheGivenOneOn(int axis, string shape, int features)
    {
        int[] dims = [.. shape.Split(' ').Select(int.Parse)];
        MarginInnerProductParameter parameter = MarginCase.Parameter(4, MarginType.Double);
        parameter.Axis = axis;
        Shape samples = new(dims);
        int kept = samples.CanonicalAxis(axis);
        using MarginCase test = new(parameter, samples, new Shape(dims[..kept]));
        Random(test.X.Data, 1);
        test.Forward();
        Assert.That(test.W.Shape, Is.EqualTo(new Shape(4, features)));
        Assert.That(test.Y.Shape, Is.EqualTo(new Shape([.. dims[..kept], 4])));
    }

    [Test]
    public void TheBatchMayChange()
    {
        using MarginCase test = new(MarginCase.Parameter(5, MarginType.Triple), 4, 3);
        test.Forward();
        test.X.Reshape(9, 3);
        test.Label.Reshape(9);
        test.Reshape();
        FillAwayFromBranches(test, MarginType.Triple, 5, 4);
        CheckAgainstNaive(test, 5, triplet: false, semihard: false, exact: false);
    }

    [TestCase(4f)]
    [TestCase(-1f)]
    [TestCase(1.5f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void ALabelThatIsNoClassIsAnErrorThatNamesIt(float label)
    {
        using MarginCase test = new(MarginCase.Parameter(4, MarginType.Single), 3, 2);
        MarginCase.Set(test.Label.Data, [0, 3, label]);
        LayerException error = Assert.Throws<LayerException>(test.Forward)!;
        Assert.That(error.Message, Does.Contain("'fc'").And.Contain("sample 2").And.Contain("[0, 4)"));
        Assert.That(error.Message, Does.Contain(FormattableString.Invariant($"label {label},")));
        Assert.That(test.Layer.Forwards, Is.Zero);
    }

    [Test]
    public void AGradientForTheLabelsIsAnError()
    {
        using MarginCase test = new(MarginCase.Parameter(4, MarginType.Single), 3, 2);
        test.Forward();
        Assert.That(test.Layer.CanPropagateDown(0), Is.True);
        Assert.That(test.Layer.CanPropagateDown(1), Is.False);
        Assert.That(Assert.Throws<LayerException>(() => test.Backward(labels: true))!.Message,
            Does.Contain("'fc'").And.Contain("labels"));
    }

    [Test]
    public void ShapesThatDoNotFitAreErrors()
    {
        Assert.That(Assert.Throws<LayerException>(() => new MarginCase(new MarginInnerProductParameter(), 3,
            2))!.Message, Does.Contain("num_output"));
        Assert.That(
            Assert.Throws<LayerException>(() => new MarginCase(MarginCase.Parameter(4, MarginType.Single),
                new Shape(3, 2), new Shape(2)))!.Message,
            Does.Contain("one label a sample").And.Contain("3 samples"));
        using MarginCase test = new(MarginCase.Parameter(4, MarginType.Single), 3, 2);
        test.X.Reshape(3, 5);
        Assert.That(Assert.Throws<LayerException>(test.Reshape)!.Message,
            Does.Contain("5 features").And.Contain("the 2 of the weights"));
    }

    [Test]
    public void ALambdaThatIsNoNumberIsAnError()
    {
        MarginInnerProductParameter parameter = MarginCase.Parameter(4, MarginType.Double);
        (parameter.Gamma, parameter.Power) = (-1, 0.5f);
        using MarginCase test = new(parameter, 3, 2);
        Assert.That(Assert.Throws<LayerException>(test.Forward)!.Message,
            Does.Contain("lambda").And.Contain("gamma -1"));
    }

    internal static void Random(Tensor tensor, ulong seed)
    {
        RandomStream stream = new(seed, "values");
        foreach (ref float value in tensor.AsWriteOnlySpan()) value = stream.NextGaussian();
    }

    /// <summary>Random samples, labels (with repeats) and rows, such that no label's cosine lies so near a branch that
    /// float is too coarse.</summary>
    internal static void FillAwayFromBranches(MarginCase test, MarginType type, int classes, ulong seed)
    {
        RandomStream stream = new(seed, "inputs");
        Random(test.W.Data, seed);
        int m = (int)test.Label.Count, k = test.W.Shape[1];
        test.SetLabels([.. Enumerable.Range(0, m).Select(_ => stream.Next(classes))]);
        int[] wanting = [.. Enumerable.Range(0, m)];
        while (wanting.Length > 0)
        {
            Span<float> x = test.X.Data.AsSpan();
            ReadOnlySpan<float> w = test.W.Data.AsReadOnlySpan(), label = test.Label.Data.AsReadOnlySpan();
            foreach (int i in wanting)
            {
                // Between the label's row and its opposite, so that all branches are met.
                float pull = 4 * stream.NextSingle() - 2;
                for (int t = 0; t < k; t++) x[i * k + t] = stream.NextGaussian() + pull * w[(int)label[i] * k + t];
            }
            NaiveMargin naive = test.Naive(1);
            wanting = [.. wanting.Where(i => NaiveMargin.DistanceToBranch(type, naive.Cosine(i)) < 2e-2
                || naive.Norms[i] < 0.1)];
        }
    }

    private static void CheckAgainstNaive(MarginCase test, double lambda, bool triplet, bool semihard, bool exact)
    {
        NaiveMargin naive = test.Naive(lambda);
        test.Forward();
        Assert.That(test.Lambda.Data.AsReadOnlySpan()[0], Is.EqualTo((float)lambda));
        AssertClose(test.Y.Data, naive.Logits, "scores");
        AssertClose(test.W.Data, naive.W, "normalised weights");
        Random(test.Y.Diff, 77);
        double[] g = MarginCase.Doubles(test.Y.Diff);
        double[] weights = MarginCase.Doubles(test.W.Data);
        test.Backward();
        AssertClose(test.X.Diff, naive.SampleGradient(g, exact, semihard), "gradient of the samples");
        AssertClose(test.W.Diff, triplet ? new double[weights.Length] : naive.WeightGradient(g),
            "gradient of the weights");
        if (triplet) Replace(test, weights);
        Assert.That(MarginCase.Doubles(test.W.Data), Is.EqualTo(weights), "weights after the backward");
    }

    private static void Replace(MarginCase test, double[] weights)
    {
        RandomStream draws = test.Draws;
        int k = test.W.Shape[1];
        ReadOnlySpan<float> x = test.X.Data.AsReadOnlySpan(), label = test.Label.Data.AsReadOnlySpan();
        for (int i = 0; i < label.Length; i++)
        {
            if (draws.Next(10) <= 4) continue;
            for (int t = 0; t < k; t++) weights[(int)label[i] * k + t] = x[i * k + t];
        }
    }

    private static void AssertClose(Tensor found, double[] expected, string what)
    {
        ReadOnlySpan<float> values = found.AsReadOnlySpan();
        double largest = expected.Max(Math.Abs), allowed = 1e-5 * Math.Max(1, largest);
        for (int i = 0; i < expected.Length; i++)
            if (!(Math.Abs(values[i] - expected[i]) <= allowed + 1e-5 * Math.Abs(expected[i])))
                Assert.Fail($"{what}[{i}] is {values[i]}, expected {expected[i]} (largest {largest})");
    }
}
