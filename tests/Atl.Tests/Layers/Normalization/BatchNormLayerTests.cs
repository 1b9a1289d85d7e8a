using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class BatchNormLayerTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.BatchNormRunningStatistics)]
    public void StatisticsFadeAndTheVarianceIsUnbiased()
    {
        using LayerRun run = new("""type: "BatchNorm" batch_norm_param { moving_average_fraction: 0.5 eps: 0 }""",
            tops: 1,
            LayerRun.Blob(new Shape(4, 1), 1, 3, 5, 7));
        float[] found = run.Forward();
        run.Forward();
        double deviation = Math.Sqrt(5);
        Assert.Multiple(() =>
        {
            Assert.That(found, Is.EqualTo([-3 / deviation, -1 / deviation, 1 / deviation, 3 / deviation]).Within(1e-6));
            Assert.That(run.Layer.Blobs[0].Data.AsReadOnlySpan()[0], Is.EqualTo(1.5 * 4).Within(1e-6));
            Assert.That(run.Layer.Blobs[1].Data.AsReadOnlySpan()[0], Is.EqualTo(1.5 * 5 * 4 / 3).Within(1e-5));
            Assert.That(run.Layer.Blobs[2].Data.AsReadOnlySpan()[0], Is.EqualTo(1.5));
        });
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.BatchNormGlobalStats)]
    public void PhaseTestUsesTheStoredStatistics()
    {
        using LayerRun run = new("""type: "BatchNorm" phase: TEST batch_norm_param { eps: 0 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 2), 5, 5));
        new float[] { 2, 4 }.CopyTo(run.Layer.Blobs[0].Data.AsWriteOnlySpan());
        new float[] { 8, 18 }.CopyTo(run.Layer.Blobs[1].Data.AsWriteOnlySpan());
        run.Layer.Blobs[2].Data.Fill(2);
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 2, 1 }).Within(1e-6f));
        Assert.That(run.Layer.Blobs[2].Data.AsReadOnlySpan()[0], Is.EqualTo(2), "the statistics stay as they are");
    }

    [TestCase("phase: TRAIN", "use_global_stats: true", 2f)]
    [TestCase("phase: TEST", "use_global_stats: false", 1f)]
    [CaffeBehaviour(CaffeBehaviour.BatchNormGlobalStats)]
    public void UseGlobalStatsWinsOverThePhase(string phase, string parameters, float expected)
    {
        using LayerRun run = new($$"""type: "BatchNorm" {{phase}} batch_norm_param { eps: 0 {{parameters}} }""",
            tops: 1, LayerRun.Blob(new Shape(2, 1), 5, 3));
        run.Layer.Blobs[0].Data.Fill(1);
        run.Layer.Blobs[1].Data.Fill(4);
        run.Layer.Blobs[2].Data.Fill(1);
        Assert.That(run.Forward()[0], Is.EqualTo(expected).Within(1e-6f));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.BatchNormDefaults)]
    public void TheFractionIs0999AndEpsOneHundredThousandth()
    {
        using LayerRun run = new("""type: "BatchNorm" """, tops: 1, LayerRun.Blob(new Shape(2, 1), 0.001f, -0.001f));
        run.Forward();
        Assert.That(run.Forward()[0], Is.EqualTo(0.001 / Math.Sqrt(1e-6 + 1e-5)).Within(1e-6));
        Assert.That(run.Layer.Blobs[2].Data.AsReadOnlySpan()[0], Is.EqualTo(1.999f).Within(1e-6f));
    }

    [Test]
    public void TheMeanMayLieFarFromZero()
    {
        Blob bottom = LayerRun.Random(new Shape(8, 2, 16, 16));
        foreach (ref float value in bottom.Data.AsSpan()) value += 1000;
        using LayerRun run = new("""type: "BatchNorm" """, tops: 1, bottom);
        float[] found = run.Forward();
        double mean = found.Average(), square = found.Average(value => (double)value * value);
        Assert.That(mean, Is.EqualTo(0).Within(1e-3));
        Assert.That(square, Is.EqualTo(1).Within(1e-3));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.BatchNormLearnsNothing)]
    public void NoSolverUpdatesTheStatistics()
    {
        using LayerRun run = new("""type: "BatchNorm" """, tops: 1, LayerRun.Random(new Shape(2, 3, 2)));
        Assert.That(run.Layer.Params.Select(param => param.LrMult), Is.EqualTo(new float[] { 0, 0, 0 }));
    }

    [Test]
    public void ALearningRateForTheStatisticsIsRefused() => Assert.That(
        () => new LayerRun("""type: "BatchNorm" param { lr_mult: 1 }""", tops: 1, new Blob(new Shape(2, 3))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("param 0 needs lr_mult: 0, found 1"));

    [Test]
    [CaffeBehaviour(CaffeBehaviour.BatchNormOfOneAxis)]
    public void ABottomOfOneAxisIsRefused() => Assert.That(
        () => new LayerRun("""type: "BatchNorm" """, tops: 1, new Blob(new Shape(3))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("at least 2 axes"));
}
