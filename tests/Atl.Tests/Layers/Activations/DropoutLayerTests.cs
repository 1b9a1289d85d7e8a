using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class DropoutLayerTests
{
    [TestCase(0.2f)]
    [TestCase(0.5f)]
    [CaffeBehaviour(CaffeBehaviour.DropoutScale)]
    public void TheRatioIsDroppedAndTheRestScaled(float ratio)
    {
        using LayerRun run = new(
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"type: \"Dropout\" dropout_param {{ dropout_ratio: {ratio} }}"),
            tops: 1, new Blob(new Shape(100_000)));
        run.Bottom[0].Data.Fill(1);
        float[] found = run.Forward();
        Assert.That(found.Distinct().Order(), Is.EqualTo([0, 1 / (1 - ratio)]).Within(1e-6f));
        Assert.That(found.Count(value => value == 0) / 100_000.0, Is.EqualTo(ratio).Within(0.01));
    }

    [Test]
    public void TheGradientTakesTheSameDraws()
    {
        using LayerRun run = new("""type: "Dropout" """, tops: 1, new Blob(new Shape(3, 5, 7)));
        run.Bottom[0].Data.Fill(1);
        float[] found = run.Forward();
        run.Top[0].Diff.Fill(1);
        Assert.That(run.Backward(), Is.EqualTo(found));
    }

    // Word by word what RandomStream draws: any device must find the same.
    [Test]
    public void TheDrawsAreThoseOfTheStream()
    {
        using LayerRun run = new("""type: "Dropout" dropout_param { dropout_ratio: 0.4 }""", tops: 1,
            new Blob(new Shape(2051)));
        run.Bottom[0].Data.Fill(1);
        RandomStream stream = new LayerContext(Atl.Devices.Device.Cpu, 7).CreateStream("tested", "mask");
        for (int pass = 0; pass < 2; pass++)
        {
            bool[] expected = [.. Enumerable.Range(0, 2051).Select(_ => stream.NextUInt32() >= 0.4f * 4294967296.0)];
            Assert.That(run.Forward().Select(value => value != 0), Is.EqualTo(expected));
        }
    }

    [Test]
    public void AResumedLayerDrawsOn()
    {
        using LayerRun first = new("""type: "Dropout" """, tops: 1, new Blob(new Shape(33)));
        using LayerRun second = new("""type: "Dropout" """, tops: 1, new Blob(new Shape(33)));
        first.Bottom[0].Data.Fill(1);
        second.Bottom[0].Data.Fill(1);
        first.Forward();
        LayerState state = new();
        first.Layer.SaveState(state);
        second.Layer.LoadState(state);
        Assert.That(second.Forward(), Is.EqualTo(first.Forward()));
    }

    [TestCase("1")]
    [TestCase("-0.1")]
    public void ARatioOutsideOfItsRangeIsRefused(string ratio) => Assert.That(
        () => new LayerRun($$"""type: "Dropout" dropout_param { dropout_ratio: {{ratio}} }""", tops: 1,
            new Blob(new Shape(3))),
        Throws.InstanceOf<LayerException>().With.Message.Contains($"dropout_ratio must lie in [0, 1), found {ratio}"));
}
