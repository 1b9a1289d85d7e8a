using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class HingeLossLayerTests
{
    [TestCase("", 4.5f, new float[] { 0, 1, -1, 1, 1, -1 })]
    [TestCase("hinge_loss_param { norm: L2 }", 11.75f, new float[] { 0, 3, -1, 2, 8, -4 })]
    [CaffeBehaviour(CaffeBehaviour.HingeLoss)]
    public void MarginsBelowOneCost(string parameters, float loss, float[] gradient)
    {
        // Margins: 0, 1.5, 0.5 and 1, 4, 2 (the label's is 1 - x, the others' 1 + x).
        using LayerRun run = new(
            $"""type: "HingeLoss" {parameters}""", tops: 1, LayerRun.Blob(new Shape(2, 3), -1, 0.5f, 0.5f, 0, 3, -1),
            LayerRun.Blob(new Shape(2), 2, 2));
        Assert.That(run.Forward(), Is.EqualTo([loss]));
        run.SetTopDiff(0, 2);
        Assert.That(run.Backward(), Is.EqualTo(gradient));
    }

    [Test]
    public void ALabelOutOfRangeIsNamed()
    {
        using LayerRun run = new("""type: "HingeLoss" """, tops: 1, new Blob(new Shape(2, 3)),
            LayerRun.Blob(new Shape(2), 0, 3));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("the label of sample 1 is 3"));
    }

    [Test]
    public void OneLabelASampleIsNeeded() => Assert.That(
        () => new LayerRun("""type: "HingeLoss" """, tops: 1, new Blob(new Shape(2, 3)), new Blob(new Shape(2, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("one label for each of the 2 samples"));
}
