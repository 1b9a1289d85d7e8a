using Atl.Face.Verification;

namespace Atl.Face.Tests.Verification;

[TestFixture]
public sealed class BootstrapTests
{
    [Test]
    public void AnIntervalIsThatOfThePercentiles()
    {
        ConfidenceInterval interval = ConfidenceInterval.Of([.. Enumerable.Range(0, 101).Select(i => (double)i)],
            0.9)!.Value;
        Assert.That(new[] { interval.Lower, interval.Upper }, Is.EqualTo([5.0, 95]).Within(1e-9));
        Assert.That(ConfidenceInterval.Of([1, 2], 0.5), Is.EqualTo(new ConfidenceInterval(1.25, 1.75)));
        Assert.That(ConfidenceInterval.Of([1, double.NaN], 0.9), Is.Null, "half of the samples have no value");
    }

    [Test]
    public void APerfectRocHasNoWidth()
    {
        int[] labels = [.. Enumerable.Range(0, 16).Select(i => i / 2)];
        FeatureMatrix features = FeatureMatrix.FromRows(
            [.. labels.Select((label, i) => Enumerable.Range(0, 8).Select(k => k == label ? 1f : 0.01f * (i % 2))
                .ToArray())]);
        AllPairs all = AllPairs.Compute(features, labels,
            new AllPairsOptions { Rates = [0.5, 1e-3], Bootstrap = new BootstrapOptions() });
        Assert.Multiple(() =>
        {
            Assert.That(all.Intervals!.Unit, Is.EqualTo("identities"));
            Assert.That(all.Intervals.Tars[0], Is.Not.Null.And.EqualTo(new ConfidenceInterval(1, 1)));
            Assert.That(all.Intervals.Tars[1], Is.Null, "no sample has a thousand impostor pairs");
        });
    }

    // The error of an AUC over independent pairs is known: √(p(1 − p)/n) for a share; drawing pairs must find it.
    [Test]
    public void DrawingPairsGivesTheBinomialError()
    {
        // 400 genuine pairs, 80 % of them above every impostor.
        float[][] features = new float[3][];
        (features[0], features[1], features[2]) = ([1, 0], [1, 0.01f], [-1, 0.3f]);
        var pairs = new List<FacePair>();
        for (int i = 0; i < 400; i++)
            pairs.Add(new FacePair(0, i % 5 == 0 ? 2 : 1, true, 0));
        for (int i = 0; i < 400; i++)
            pairs.Add(new FacePair(1, 2, false, 0));
        VerificationResult result = VerificationResult.Compute(
            FeatureMatrix.FromRows(features), new PairList(pairs, 1), new VerificationOptions
            { Rates = [0.1], Bootstrap = new BootstrapOptions { Replicates = 2000 } });
        ConfidenceInterval tar = result.Intervals!.Tars[0]!.Value;
        Assert.That(result.Intervals.Unit, Is.EqualTo("pairs"));
        Assert.That(result.Tars[0].Tar, Is.EqualTo(0.8));
        Assert.That((tar.Upper - tar.Lower) / 2, Is.EqualTo(1.96 * Math.Sqrt(0.8 * 0.2 / 400)).Within(0.004));
        Assert.That((tar.Upper + tar.Lower) / 2, Is.EqualTo(0.8).Within(0.006));
    }

    // Weights of identities worked out pair by pair, each sample's ROC from its own list of scores.
    [Test]
    public void DrawingIdentitiesIsThatOfTheDefinition()
    {
        var random = new Random(4);
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i / 4)];
        float[][] rows = [.. labels.Select(label =>
            Enumerable.Range(0, 8).Select(k => (float)((k == label % 8 ? 0.6 : 0) + random.NextDouble() - 0.5))
            .ToArray())];
        FeatureMatrix features = FeatureMatrix.FromRows(rows);
        var options = new BootstrapOptions { Replicates = 50, Seed = 9 };
        AllPairs all = AllPairs.Compute(features, labels, new AllPairsOptions { Rates = [0.1], Bootstrap = options });

        // The draws, by the same stream of random numbers.
        var draws = new RandomStream(9, "bootstrap over identities");
        var aucs = new List<double>();
        var tars = new List<double>();
        for (int replicate = 0; replicate < 50; replicate++)
        {
            int[] weight = new int[10];
            for (int draw = 0; draw < 10; draw++)
                weight[draws.Next(10)]++;
            var genuine = new List<double>();
            var impostor = new List<double>();
            for (int a = 0; a < 40; a++)
            {
                for (int b = a + 1; b < 40; b++)
                {
                    bool same = labels[a] == labels[b];
                    double score = CosineScores.Compute(features, [new FacePair(a, b, same, 0)])[0];
                    (same ? genuine : impostor).AddRange(Enumerable.Repeat(score, same ? weight[labels[a]]
                        : weight[labels[a]] * weight[labels[b]]));
                }
            }

            var sample = new SortedScores(genuine, impostor);
            aucs.Add(sample.Auc());
            tars.Add(sample.TarAt(0.1).Tar!.Value);
        }

        ConfidenceInterval auc = ConfidenceInterval.Of(aucs, 0.95)!.Value,
            tar = ConfidenceInterval.Of(tars, 0.95)!.Value;
        // Scores are grouped by at most a fiftieth of the impostors above.
        Assert.That(new[] { all.Intervals!.Auc!.Value.Lower, all.Intervals.Auc.Value.Upper },
            Is.EqualTo([auc.Lower, auc.Upper]).Within(2e-3));
        Assert.That(new[] { all.Intervals.Tars[0]!.Value.Lower, all.Intervals.Tars[0]!.Value.Upper },
            Is.EqualTo([tar.Lower, tar.Upper]).Within(0.03));
    }
}
