using Atl.Layers;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class RecurrentLayerTests
{
    private const string Settings =
        """recurrent_param { num_output: 2 weight_filler { type: "uniform" min: -0.8 max: 0.8 } }""";

    [Test]
    public void ASequenceMayBeGivenInPieces([Values("LSTM", "RNN")] string type)
    {
        Blob whole = LayerRun.Random(new Shape(4, 1, 3));
        float[] steps = whole.Data.AsReadOnlySpan().ToArray();
        using LayerRun once = new($"type: \"{type}\" {Settings}", tops: 1, whole,
            LayerRun.Blob(new Shape(4, 1), 0, 1, 1, 1));
        using LayerRun twice = new($"type: \"{type}\" {Settings}", tops: 1,
            LayerRun.Blob(new Shape(2, 1, 3), steps[..6]), LayerRun.Blob(new Shape(2, 1),
            0, 1));
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

    [TestCase("LSTM")]
    [TestCase("RNN")]
    [CaffeBehaviour(CaffeBehaviour.RecurrentCont)]
    public void AContOfZeroForgetsWhatWasBefore(string type)
    {
        Blob steps = LayerRun.Random(new Shape(1, 1, 3));
        float[] step = steps.Data.AsReadOnlySpan().ToArray();
        using LayerRun once = new($"type: \"{type}\" {Settings}", tops: 1, steps, new Blob(new Shape(1, 1)));
        using LayerRun run = new($"type: \"{type}\" {Settings}", tops: 1,
            LayerRun.Blob(new Shape(3, 1, 3), [.. step, .. step, .. step]),
            LayerRun.Blob(new Shape(3, 1), 0, 1, 0));
        float[] first = once.Forward(), found = run.Forward();
        Assert.Multiple(() =>
        {
            Assert.That(found[..2], Is.EqualTo(first).Within(1e-6f));
            Assert.That(found[2..4], Is.Not.EqualTo(first).Within(1e-3f), "the second step goes on");
            Assert.That(found[4..], Is.EqualTo(first).Within(1e-6f), "the third begins anew");
        });
    }

    // One step of two gives the states with which the next is started by hand.
    [TestCase("LSTM", 2)]
    [TestCase("RNN", 1)]
    [CaffeBehaviour(CaffeBehaviour.RecurrentExposedStates)]
    public void ExposedStatesGoInAndOutAndTheFirstGetNoGradient(string type, int states)
    {
        string layer =
            $"type: \"{type}\" "
                + $"{Settings.Replace("num_output: 2", "num_output: 2 expose_hidden: true", StringComparison.Ordinal)}";
        Blob steps = LayerRun.Random(new Shape(2, 1, 3));
        float[] values = steps.Data.AsReadOnlySpan().ToArray();
        Blob[] Zeros() => [.. Enumerable.Range(0, states).Select(_ => new Blob(new Shape(1, 1, 2)))];
        using LayerRun whole = new(layer, 1 + states, [steps, LayerRun.Blob(new Shape(2, 1), 0, 1), .. Zeros()]);
        using LayerRun piece = new(layer, 1 + states,
            [LayerRun.Blob(new Shape(1, 1, 3), values[..3]), LayerRun.Blob(new Shape(1, 1), 0), .. Zeros()]);
        float[] expected = whole.Forward();
        Assert.That(piece.Forward(), Is.EqualTo(expected[..2]).Within(1e-6f));
        for (int i = 0; i < states; i++)
            LayerRun.Values(piece.Top[1 + i].Data).CopyTo(piece.Bottom[2 + i].Data.AsWriteOnlySpan());
        values[3..].CopyTo(piece.Bottom[0].Data.AsWriteOnlySpan());
        piece.Bottom[1].Data.Fill(1);
        Assert.That(piece.Forward(), Is.EqualTo(expected[2..]).Within(1e-6f));
        foreach (Blob top in piece.Top) top.Diff.Fill(1);
        for (int i = 0; i < states; i++)
        {
            piece.Bottom[2 + i].Diff.Fill(5);
            Assert.That(piece.Backward(2 + i), Is.All.Zero);
        }
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.RecurrentStaticInput)]
    public void AStaticInputActsAtEachStep([Values("LSTM", "RNN")] string type)
    {
        Blob[] Bottoms(float value) => [new(new Shape(2, 1, 3)), LayerRun.Blob(new Shape(2, 1), 0, 0),
            LayerRun.Blob(new Shape(1, 2), value, -value)];
        string layer = $"type: \"{type}\" bottom: \"x\" bottom: \"cont\" bottom: \"s\" {Settings}";
        using LayerRun without = new(layer, 1, Bottoms(0)), with = new(layer, 1, Bottoms(1));
        float[] still = without.Forward(), moved = with.Forward();
        Assert.That(moved, Is.Not.EqualTo(still).Within(1e-3f));
        Assert.That(moved[..2], Is.EqualTo(moved[2..]).Within(1e-6f), "cont begins anew, the static input is the same");
    }

    [Test]
    public void ContMustFitTheSteps() => Assert.That(
        () => new LayerRun($"type: \"LSTM\" {Settings}", tops: 1, new Blob(new Shape(4, 2, 3)),
            new Blob(new Shape(4, 1))),
        Throws.TypeOf<LayerException>().With.Message.Contains("cont of 4 x 2"));

    [Test]
    public void ContScalesTheForgetGate()
    {
        // All sums are 0: i = o = 0.5, g = 0, so c = 0.5 * sigmoid(0) * 4 = 1.
        using LayerRun run = new("""type: "LSTMUnit" """, tops: 2, LayerRun.Blob(new Shape(1, 1, 1), 4),
            new Blob(new Shape(1, 1, 4)),
            LayerRun.Blob(new Shape(1, 1), 0.5f));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1 }));
    }

    [Test]
    public void AStaticInputMayNotChangeItsWidth()
    {
        using LayerRun run = new(
            $"type: \"LSTM\" bottom: \"x\" bottom: \"cont\" bottom: \"s\" {Settings}", tops: 1,
            new Blob(new Shape(1, 2, 3)), new Blob(new Shape(1, 2)),
                new Blob(new Shape(2, 5)));
        run.Bottom[2].Reshape(2, 2);
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("weights for 5 static inputs, found 2"));
    }

    [TestCase("LSTM")]
    [TestCase("RNN")]
    public void AHugeWidthIsRefused(string type) => Assert.That(
        () => new LayerRun($$"""type: "{{type}}" recurrent_param { num_output: 4294967295 }""", tops: 1,
            new Blob(new Shape(4, 2, 3)),
            new Blob(new Shape(4, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("num_output"));

    // One stream, one input, a state of one number, every step going on from the exposed first state.
    [Test]
    public void AnRnnTakesAndGivesExposedStates()
    {
        using LayerRun run = new(
            """type: "RNN" recurrent_param { num_output: 1 expose_hidden: true weight_filler { type: "constant" value: 0.5 } }""", tops: 2,
            LayerRun.Blob(new Shape(2, 1, 1), 1, -1), LayerRun.Blob(new Shape(2, 1), 1, 1),
            LayerRun.Blob(new Shape(1, 1, 1), 0.4f));
        float first = MathF.Tanh(0.5f * 1 + 0.5f * 0.4f), second = MathF.Tanh(0.5f * -1 + 0.5f * first);
        Assert.That(run.Forward(), Is.EqualTo([MathF.Tanh(0.5f * first), MathF.Tanh(0.5f * second)]).Within(1e-6f));
        Assert.That(run.Forward(top: 1), Is.EqualTo([second]).Within(1e-6f));
        Assert.That(run.Top[1].Shape, Is.EqualTo(new Shape(1, 1, 1)));
        run.SetTopDiff(0, 1, 1);
        Assert.That(run.Backward(2), Is.EqualTo(new float[] { 0 }),
            "no gradient leaves through a first state, as in Caffe");
    }

    [Test]
    public void AnLstmTakesAndGivesExposedStatesWithoutAStaticInput()
    {
        using LayerRun run = new(
            """
            type: "LSTM" bottom: "x" bottom: "cont" bottom: "h" bottom: "c"
            recurrent_param { num_output: 1 expose_hidden: true weight_filler { type: "constant" value: 0.5 } }
            """, tops: 3,
            LayerRun.Blob(new Shape(1, 1, 1), 1), LayerRun.Blob(new Shape(1, 1), 1),
            LayerRun.Blob(new Shape(1, 1, 1), 0.4f), LayerRun.Blob(new Shape(1, 1,
                1), -2));
        // All four gates have the sum 0.5 * 1 + 0.5 * 0.4.
        float gate = 1 / (1 + MathF.Exp(-0.7f)), cell = gate * -2 + gate * MathF.Tanh(0.7f),
            state = gate * MathF.Tanh(cell);
        Assert.That(run.Forward(), Is.EqualTo([state]).Within(1e-6f));
        Assert.That(run.Forward(top: 1), Is.EqualTo([state]).Within(1e-6f));
        Assert.That(run.Forward(top: 2), Is.EqualTo([cell]).Within(1e-6f));
        Assert.That(run.Layer.Blobs, Has.Count.EqualTo(3));
    }

    [Test]
    public void ASavedStateOfAnotherSizeIsRefused([Values("LSTM", "RNN")] string type)
    {
        using LayerRun narrow = new($"type: \"{type}\" {Settings}", tops: 1, new Blob(new Shape(2, 1, 3)),
            new Blob(new Shape(2, 1)));
        using LayerRun wide = new($"type: \"{type}\" {Settings}", tops: 1, new Blob(new Shape(2, 5, 3)),
            new Blob(new Shape(2, 5)));
        LayerState state = new();
        narrow.Layer.SaveState(state);
        Assert.That(() => wide.Layer.LoadState(state),
            Throws.TypeOf<LayerException>().With.Message.Contains("the saved state h has 8 bytes, expected 40"));
    }

    // T = 4 steps of N = 2 streams with 3 inputs and D = 2: rows * gates * (inputs + D), and D * D a row for the RNN's
    // outputs.
    [TestCase("LSTM", "", 8 * 8 * (3 + 2))]
    [TestCase("RNN", "", 8 * 2 * (3 + 2) + 8 * 2 * 2)]
    [TestCase("LSTM", "s", 8 * 8 * (3 + 2) + 2 * 8 * 5)]
    public void MultiplyAddsAreThoseOfTheProducts(string type, string fixedInput, long expected)
    {
        Blob[] bottoms = [new(new Shape(4, 2, 3)), new(new Shape(4, 2)), new(new Shape(2, 5))];
        using LayerRun run = fixedInput.Length == 0
            ? new LayerRun($"type: \"{type}\" {Settings}", tops: 1, bottoms[..2])
            : new LayerRun($"type: \"{type}\" bottom: \"x\" bottom: \"cont\" bottom: \"s\" {Settings}", tops: 1,
                bottoms);
        Assert.That(run.Layer.MultiplyAdds(run.Bottom, run.Top), Is.EqualTo(expected));
    }

    [Test]
    public void DebugInfoShowsGatesAndStates()
    {
        LogCapture log = new();
        using LayerRun run = new(
            """type: "LSTM" recurrent_param { num_output: 2 debug_info: true }""", tops: 1, log,
            new Blob(new Shape(1, 1, 3)), new Blob(new Shape(1, 1)));
        run.Forward();
        run.SetTopDiff(0, 1, 1);
        run.Backward();
        // Sums of 0 where a sequence begins: i = o = 0.5, f = g = 0, so c = h = 0, and of the gradients only that of g,
        // 0.5 * i, is not 0.
        Assert.That(log.Lines.Select(entry => entry.Line[(entry.Line.IndexOf("] ",
            StringComparison.Ordinal) + 2)..]).Where(line => line.Contains("Layer tested,", StringComparison.Ordinal)),
            Is.EqualTo(
        [
            "    [Forward] Layer tested, gates data: 0.25",
            "    [Forward] Layer tested, h data: 0",
            "    [Forward] Layer tested, c data: 0",
            "    [Backward] Layer tested, gates diff: 0.0625",
        ]));
    }
}
