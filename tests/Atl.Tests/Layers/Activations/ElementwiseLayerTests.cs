using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ElementwiseLayerTests
{
    [TestCase("""type: "ReLU" relu_param { negative_slope: 0.5 }""", -1f, 0f, 2f, -0.5f, 0f, 2f)]
    [TestCase("""type: "ReLU6" """, -1f, 3f, 7f, 0f, 3f, 6f)]
    [TestCase("""type: "AbsVal" """, -1f, 0f, 2f, 1f, 0f, 2f)]
    [TestCase("""type: "Clip" clip_param { min: -0.5 max: 1 }""", -1f, 0.25f, 2f, -0.5f, 0.25f, 1f)]
    [TestCase("""type: "Threshold" threshold_param { threshold: 0.5 }""", 0.4f, 0.5f, 0.6f, 0f, 0f, 1f)]
    [TestCase("""type: "Power" power_param { power: 2 scale: 2 shift: 1 }""", -1f, 0f, 2f, 1f, 1f, 25f)]
    [TestCase("""type: "Power" power_param { power: 0 scale: 0 shift: 0 }""", -1f, 0f, 2f, 1f, 1f, 1f)]
    [TestCase("""type: "Exp" exp_param { base: 2 shift: 1 }""", -1f, 0f, 2f, 1f, 2f, 8f)]
    [TestCase("""type: "Log" log_param { base: 2 }""", 0.5f, 1f, 8f, -1f, 0f, 3f)]
    [TestCase("""type: "Exp" """, -1f, 0f, 1f, 0.3678794f, 1f, 2.7182817f)]
    [TestCase("""type: "Exp" exp_param { base: -1 scale: 2 }""", 0f, 0.5f, 1f, 1f, 2.7182817f, 7.389056f)]
    [TestCase("""type: "Log" """, 0.3678794f, 1f, 2.7182817f, -1f, 0f, 1f)]
    [TestCase("""type: "Log" log_param { base: -1 shift: 1 }""", 0f, 1f, 1.7182817f, 0f, 0.6931472f, 1f)]
    [TestCase("""type: "ELU" """, -1f, 0f, 2f, -0.6321206f, 0f, 2f)]
    [TestCase("""type: "ELU" elu_param { alpha: 0.5 }""", -1f, 0f, 2f, -0.3160603f, 0f, 2f)]
    [TestCase("""type: "BNLL" """, -200f, 0f, 200f, 0f, 0.6931472f, 200f)]
    [TestCase("""type: "Sigmoid" """, -200f, 0f, 200f, 0f, 0.5f, 1f)]
    [CaffeBehaviour(CaffeBehaviour.Elu)]
    [CaffeBehaviour(CaffeBehaviour.Power)]
    [CaffeBehaviour(CaffeBehaviour.BaseMinusOne)]
    public void ForwardGivesTheKnownValues(string layer, float x0, float x1, float x2, float y0, float y1, float y2)
    {
        using LayerRun run = new(layer, tops: 1, LayerRun.Blob(new Shape(3), x0, x1, x2));
        Assert.That(run.Forward(), Is.EqualTo([y0, y1, y2]).Within(1e-6f));
    }

    [Test]
    public void TheClippedRangeIncludesItsEnds()
    {
        using LayerRun run = new("""type: "Clip" clip_param { min: 0 max: 1 }""", tops: 1,
            LayerRun.Blob(new Shape(4), -0.1f, 0, 1, 1.1f));
        run.Forward();
        run.SetTopDiff(0, 1, 1, 1, 1);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 1, 1, 0 }));
    }

    [Test]
    public void WithoutBackwardNoInputIsKept()
    {
        using LayerRun run = new("""type: "Swish" """, tops: 1, LayerRun.Random(new Shape(1000)));
        run.Top[0] = run.Bottom[0];
        run.Layer.NeedsBackward = false;
        run.Forward();
        long before = Atl.Devices.Device.Cpu.BytesInUse;
        run.Layer.NeedsBackward = true;
        run.Forward();
        Assert.That(Atl.Devices.Device.Cpu.BytesInUse - before, Is.GreaterThanOrEqualTo(4000));
        run.Layer.NeedsBackward = false;
        run.Forward();
        Assert.That(Atl.Devices.Device.Cpu.BytesInUse, Is.EqualTo(before));
    }

    [TestCase("""type: "Clip" """, "needs clip_param")]
    [TestCase("""type: "Clip" clip_param { min: 2 max: 1 }""", "min must not exceed max, found min 2 and max 1")]
    [TestCase("""type: "Exp" exp_param { base: 0 }""", "base must be positive, or -1 for e, found 0")]
    [TestCase("""type: "Log" log_param { base: 1 }""", "base must be positive and not 1, or -1 for e, found 1")]
    public void SenselessConstantsAreRefused(string layer, string message) => Assert.That(
        () => new LayerRun(layer, tops: 1, new Blob(new Shape(3))),
        Throws.InstanceOf<LayerException>().With.Message.Contains(message).And.Message.Contains("'tested'"));
}
