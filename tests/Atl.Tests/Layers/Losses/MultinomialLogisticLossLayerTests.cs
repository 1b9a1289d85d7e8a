using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class MultinomialLogisticLossLayerTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.MultinomialLoss)]
    public void TheLogarithmOfTheLabelsProbability()
    {
        using LayerRun run = new(
            """type: "MultinomialLogisticLoss" """, tops: 1,
            LayerRun.Blob(new Shape(2, 3), 0.5f, 0.25f, 0.25f, 1, 0, 0), LayerRun.Blob(new Shape(2), 0, 1));
        Assert.That(run.Forward()[0], Is.EqualTo((Math.Log(2) - Math.Log(1e-20)) / 2).Within(1e-5));
        run.SetTopDiff(0, 2);
        Assert.That(run.Backward(), Is.EqualTo([-2, 0, 0, 0, -1e20f, 0]));
    }

    [Test]
    public void ALabelOutOfRangeIsNamed()
    {
        using LayerRun run = new("""type: "MultinomialLogisticLoss" """, tops: 1, new Blob(new Shape(1, 3)),
            LayerRun.Blob(new Shape(1), -1));
        Assert.That(() => run.Forward(),
            Throws.TypeOf<LayerException>().With.Message.Contains("the label of sample 0 is -1"));
    }
}
