using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.Layers;

public class RecurrentLayerTests
{
    private const string Settings = """recurrent_param { num_output: 2 weight_filler { type: "uniform" min: -0.8 max: 0.8 } }""";

    [Test]
    public void ASequenceMayBeGivenInPieces([Values("LSTM", "RNN")] string type)
    {
        Blob whole = LayerRun.Random(new Shape(4, 1, 3));
        float[] steps = whole.Data.AsReadOnlySpan().ToArray();
        using LayerRun once = new($"type: \"{type}\" {Settings}", tops: 1, whole, LayerRun.Blob(new Shape(4, 1), 0, 1, 1, 1));
        using LayerRun twice = new($"type: \"{type}\" {Settings}", tops: 1, LayerRun.Blob(new Shape(2, 1, 3), steps[..6]), LayerRun.Blob(new Shape(2, 1), 0, 1));
        float[] expected = once.Forward();
        Assert.That(twice.Forward(), Is.EqualTo(expected[..4]).Within(1e-6f));
        steps[6..].CopyTo(twice.Bottom[0].Data.AsWriteOnlySpan());
        twice.Bottom[1].Data.Fill(1);

        LayerState state = new();
        twice.Layer.SaveState(state);
        using LayerRun resumed = new($"type: \"{type}\" {Settings}", tops: 1, twice.Bottom);
        resumed.Layer.LoadState(state);
        Assert.That(twice.Forward(), Is.EqualTo(expected[4..]).Within(1e-6f));
        Assert.That(resumed.Forward(), Is.EqualTo(expected[4..]).Within(1e-6f));
    }

    [Test]
    public void ContMustFitTheSteps() => Assert.That(
        () => new LayerRun($"type: \"LSTM\" {Settings}", tops: 1, new Blob(new Shape(4, 2, 3)), new Blob(new Shape(4, 1))),
        Throws.TypeOf<LayerException>().With.Message.Contains("cont of 4 x 2"));

    [Test]
    public void ContScalesTheForgetGate()
    {
        // All sums are 0: i = o = 0.5, g = 0, so c = 0.5 * sigmoid(0) * 4 = 1.
        using LayerRun run = new("""type: "LSTMUnit" """, tops: 2, LayerRun.Blob(new Shape(1, 1, 1), 4), new Blob(new Shape(1, 1, 4)), LayerRun.Blob(new Shape(1, 1), 0.5f));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1 }));
    }

    [Test]
    public void AStaticInputMayNotChangeItsWidth()
    {
        using LayerRun run = new(
            $"type: \"LSTM\" bottom: \"x\" bottom: \"cont\" bottom: \"s\" {Settings}", tops: 1, new Blob(new Shape(1, 2, 3)), new Blob(new Shape(1, 2)), new Blob(new Shape(2, 5)));
        run.Bottom[2].Reshape(2, 2);
        Assert.That(() => run.Forward(), Throws.TypeOf<LayerException>().With.Message.Contains("weights for 5 static inputs, found 2"));
    }

    [TestCase("LSTM")]
    [TestCase("RNN")]
    public void AHugeWidthIsRefused(string type) => Assert.That(
        () => new LayerRun($$"""type: "{{type}}" recurrent_param { num_output: 4294967295 }""", tops: 1, new Blob(new Shape(4, 2, 3)), new Blob(new Shape(4, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("num_output"));
}
