using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class SoftmaxWithLossLayerTests
{
    [TestCase("", 6)]
    [TestCase("loss_param { ignore_label: 2 }", 5)]
    [TestCase("loss_param { ignore_label: 2 normalization: VALID }", 5)]
    [TestCase("loss_param { ignore_label: 2 normalization: FULL }", 6)]
    [TestCase("loss_param { ignore_label: 2 normalization: BATCH_SIZE }", 2)]
    [TestCase("loss_param { ignore_label: 2 normalization: NONE }", 1)]
    [TestCase("loss_param { ignore_label: 2 normalize: true }", 5)]
    [TestCase("loss_param { ignore_label: 2 normalize: false }", 2)]
    [TestCase("loss_param { ignore_label: 2 normalize: false normalization: FULL }", 6)]
    [CaffeBehaviour(CaffeBehaviour.SoftmaxLossNormalization)]
    public void TheLossIsDividedAsAsked(string parameters, int divisor)
    {
        int? ignored = parameters.Length > 0 ? 2 : null;
        Shape shape = new(2, 4, 3);
        float[] labels = [0, 3, 2, 1, 1, 0];
        using LayerRun run = new($"""type: "SoftmaxWithLoss" {parameters}""", tops: 1, LayerRun.Random(shape),
            LayerRun.Blob(new Shape(2, 3), labels));
        double[] p = SoftmaxLayerTests.Expected(LayerRun.Values(run.Bottom[0].Data), shape, 1),
            gradient = new double[p.Length];
        double loss = 0;
        for (int n = 0; n < 2; n++)
            for (int s = 0; s < 3; s++)
            {
                int label = (int)labels[n * 3 + s];
                if (label == ignored) continue;
                loss -= Math.Log(p[(n * 4 + label) * 3 + s]) / divisor;
                for (int c = 0; c < 4; c++)
                    gradient[(n * 4 + c) * 3 + s] = 0.5 * (p[(n * 4 + c) * 3 + s] - (c == label ? 1 : 0)) / divisor;
            }
        Assert.That(run.Forward()[0], Is.EqualTo(loss).Within(1e-6));
        run.SetTopDiff(0, 0.5f);
        Assert.That(run.Backward(), Is.EqualTo(gradient).Within(1e-6));
    }

    [Test]
    public void ManyClassesAreSummedInPieces()
    {
        Shape shape = new(3, 10_572);
        Blob scores = LayerRun.Random(shape);
        // The largest score comes late, so that the running sum has to be rescaled.
        scores.Data.AsSpan()[10_000] = 30;
        using LayerRun run = new("""type: "SoftmaxWithLoss" """, tops: 1, scores,
            LayerRun.Blob(new Shape(3), 10_000, 0, 10_571));
        double[] p = SoftmaxLayerTests.Expected(LayerRun.Values(scores.Data), shape, 1);
        Assert.That(run.Forward()[0], Is.EqualTo(-(Math.Log(p[10_000]) + Math.Log(p[10_572]) + Math.Log(p[^1])) / 3)
            .Within(1e-5));
        run.SetTopDiff(0, 3);
        p[10_000] -= 1;
        p[10_572] -= 1;
        p[^1] -= 1;
        Assert.That(run.Backward(), Is.EqualTo(p).Within(1e-6));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LargestSoftmaxLoss)]
    public void AnImpossibleLabelCostsTheFamousNumber()
    {
        using LayerRun run = new("""type: "SoftmaxWithLoss" """, tops: 1, LayerRun.Blob(new Shape(1, 2), 1000, 0),
            LayerRun.Blob(new Shape(1), 1));
        Assert.That(run.Forward()[0], Is.EqualTo(87.3365f).Within(1e-4f));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LossDivisorAtLeastOne)]
    public void IgnoringAllGivesZero()
    {
        using LayerRun run = new(
            """type: "SoftmaxWithLoss" loss_param { ignore_label: -1 }""", tops: 1, LayerRun.Random(new Shape(2, 3)),
            LayerRun.Blob(new Shape(2), -1, -1));
        Assert.That(run.Forward(), Is.EqualTo([0f]));
        run.SetTopDiff(0, 1);
        Assert.That(run.Backward(), Is.All.Zero);
    }

    [TestCase("")]
    [TestCase("loss_weight: 0.5")]
    [TestCase("loss_weight: 0.5 loss_weight: 0")]
    [CaffeBehaviour(CaffeBehaviour.SoftmaxLossSecondTop)]
    public void ASecondTopHoldsTheProbabilities(string weights)
    {
        Shape shape = new(2, 3);
        using LayerRun run = new($"""type: "SoftmaxWithLoss" {weights}""", tops: 2, LayerRun.Random(shape),
            LayerRun.Blob(new Shape(2), 0, 2));
        Assert.That(run.Forward(1),
            Is.EqualTo(SoftmaxLayerTests.Expected(LayerRun.Values(run.Bottom[0].Data), shape, 1)).Within(1e-6));
        Assert.That(run.Layer.LossWeights, Is.EqualTo([weights.Length > 0 ? 0.5f : 1, 0]));
    }

    [Test]
    public void TheProbabilitiesCannotBeALoss() => Assert.That(
        () => new LayerRun("""type: "SoftmaxWithLoss" loss_weight: 1 loss_weight: 1""", tops: 2,
            new Blob(new Shape(2, 3)), new Blob(new Shape(2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("second top"));

    [TestCase(3f, "the label of sample 1 is 3, expected 0..2 for 3 classes")]
    [TestCase(-1f, "the label of sample 1 is -1, expected 0..2 for 3 classes")]
    [TestCase(float.NaN, "the label of sample 1 is NaN")]
    public void ALabelOutOfRangeIsNamed(float label, string message)
    {
        using LayerRun run = new("""type: "SoftmaxWithLoss" """, tops: 1, LayerRun.Random(new Shape(2, 3)),
            LayerRun.Blob(new Shape(2), 0, label));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("layer 'tested'").And.Message.Contains(message));
    }

    [Test]
    public void ALabelOutOfRangeIsNamedByPlace()
    {
        using LayerRun run = new(
            """type: "SoftmaxWithLoss" loss_param { ignore_label: 255 }""", tops: 1,
            LayerRun.Random(new Shape(2, 3, 1, 2)),
                LayerRun.Blob(new Shape(2, 1, 2), 0, 255, 1, 9));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("position 1 of sample 1 is 9").And.Message.Contains(
                "or 255 (ignore_label)"));
    }

    [Test]
    public void AWrongNumberOfLabelsIsRefused() => Assert.That(
        () => new LayerRun("""type: "SoftmaxWithLoss" """, tops: 1, new Blob(new Shape(2, 3, 4)),
            new Blob(new Shape(2, 3))),
        Throws.TypeOf<LayerException>().With.Message.Contains("need 8 labels, found 6"));

    [Test]
    public void ChannelsLastGivesTheSame()
    {
        Shape shape = new(2, 5, 3, 2);
        using LayerRun run = new("""type: "SoftmaxWithLoss" """, tops: 1, LayerRun.Random(shape),
            LayerRun.Blob(new Shape(2, 3, 2), 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1));
        float loss = run.Forward()[0];
        run.SetTopDiff(0, 1);
        float[] gradient = run.Backward();
        run.Bottom[0].Data.ReadWrite(Device.Cpu, Layout.ChannelsLast);
        Assert.That(run.Forward()[0], Is.EqualTo(loss).Within(1e-6f));
        run.Layer.Backward(run.Top, [true, false], run.Bottom);
        Assert.That(run.Bottom[0].Diff.Layout, Is.EqualTo(Layout.ChannelsLast));
        Assert.That(LayerRun.Values(run.Bottom[0].Diff), Is.EqualTo(gradient).Within(1e-6f));
    }
}
