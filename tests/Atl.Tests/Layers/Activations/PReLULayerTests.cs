using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class PReLULayerTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.PReLUFiller)]
    public void TheSlopesBeginAtAQuarter()
    {
        using LayerRun run = new("""type: "PReLU" """, tops: 1, LayerRun.Blob(new Shape(1, 2, 2), -4, 4, 8, -8));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { -1, 4, 8, -2 }));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(new Shape(2)));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.PReLUChannelShared)]
    public void ASharedSlopeIsOneNumber()
    {
        using LayerRun run = new("""type: "PReLU" prelu_param { channel_shared: true filler { value: 0.5 } }""",
            tops: 1,
            LayerRun.Blob(new Shape(1, 2, 1), -4, -8));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { -2, -4 }));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(Shape.Scalar));
    }

    // With positive slopes the input can be found again from the output, so an in-place layer needs no memory of its
    // own.
    [TestCase(0.25f, false)]
    [TestCase(0f, true)]
    [TestCase(-0.25f, true)]
    public void AnInPlaceInputIsKeptOnlyWhereTheOutputDoesNotTellIt(float slope, bool keeps)
    {
        using LayerRun run = new("""type: "PReLU" """, tops: 1, LayerRun.Random(new Shape(2, 4, 10, 10)));
        run.Top[0] = run.Bottom[0];
        run.Layer.Blobs[0].Data.AsWriteOnlySpan().Fill(slope);
        run.Layer.NeedsBackward = false;
        run.Forward();
        long before = Device.Cpu.BytesInUse;
        run.Layer.NeedsBackward = true;
        run.Forward();
        Assert.That(Device.Cpu.BytesInUse > before, Is.EqualTo(keeps));
    }

    [Test]
    public void ABottomOfOneAxisIsRefused() => Assert.That(
        () => new LayerRun("""type: "PReLU" """, tops: 1, new Blob(new Shape(3))),
        Throws.InstanceOf<LayerException>().With.Message.Contains("at least 2 axes").And.Message.Contains("3 (3)"));

    [Test]
    public void AnotherNumberOfChannelsIsRefused()
    {
        using LayerRun run = new("""type: "PReLU" """, tops: 1, new Blob(new Shape(1, 3, 2)));
        run.Bottom[0].Reshape(1, 4, 2);
        Assert.That(() => run.Forward(),
            Throws.InstanceOf<LayerException>().With.Message.Contains("slopes for 3 channels"));
    }
}
