using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class LRNLayerTests
{
    [TestCase(0.75f, 5)]
    [TestCase(0.5f, 3)]
    [TestCase(0.6f, 9)]
    [CaffeBehaviour(CaffeBehaviour.LrnAcrossChannels)]
    public void AcrossChannelsEqualsTheFormula(float beta, int size)
    {
        const float Alpha = 0.5f, K = 2;
        using LayerRun run = new(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"type: \"LRN\" lrn_param {{ local_size: {size} alpha: {Alpha} beta: {beta} k: {K} }}"),
            tops: 1, LayerRun.Random(new Shape(2, 7, 10, 13)));
        float[] found = run.Forward(), x = LayerRun.Values(run.Bottom[0].Data);
        for (int i = 0; i < found.Length; i++)
        {
            int image = i / (7 * 130), channel = i / 130 % 7, place = i % 130;
            double sum = 0;
            for (int c = Math.Max(0, channel - size / 2); c <= Math.Min(6, channel + size / 2); c++)
                sum += Math.Pow(x[(image * 7 + c) * 130 + place], 2);
            Assert.That(found[i], Is.EqualTo(x[i] * Math.Pow(K + Alpha / size * sum, -beta)).Within(1e-6));
        }
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.LrnWithinChannel)]
    public void WithinAChannelEqualsTheFormula()
    {
        using LayerRun run =
            new("""type: "LRN" lrn_param { local_size: 3 alpha: 0.9 beta: 0.75 k: 5 norm_region: WITHIN_CHANNEL }""",
                tops: 1,
            LayerRun.Random(new Shape(2, 2, 4, 5)));
        float[] found = run.Forward(), x = LayerRun.Values(run.Bottom[0].Data);
        for (int i = 0; i < found.Length; i++)
        {
            int plane = i / 20, row = i / 5 % 4, column = i % 5;
            double sum = 0;
            for (int h = Math.Max(0, row - 1); h <= Math.Min(3, row + 1); h++)
                for (int w = Math.Max(0, column - 1); w <= Math.Min(4, column + 1); w++)
                    sum += Math.Pow(x[plane * 20 + h * 5 + w], 2);
            Assert.That(found[i], Is.EqualTo(x[i] * Math.Pow(1 + 0.9 / 9 * sum, -0.75)).Within(1e-6));
        }
    }

    [Test]
    public void AnEvenSizeIsRefused() => Assert.That(
        () => new LayerRun("""type: "LRN" lrn_param { local_size: 4 }""", tops: 1, new Blob(new Shape(1, 3, 2, 2))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("local_size must be odd, found 4"));

    [Test]
    public void ABottomThatIsNoImageIsRefused() => Assert.That(
        () => new LayerRun("""type: "LRN" """, tops: 1, new Blob(new Shape(1, 3))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("4 axes").And.Message.Contains("1 3 (3)"));
}
