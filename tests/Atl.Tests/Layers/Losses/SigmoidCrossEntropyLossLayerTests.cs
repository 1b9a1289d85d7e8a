using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class SigmoidCrossEntropyLossLayerTests
{
    [TestCase("", 2)]
    [TestCase("loss_param { ignore_label: 7 }", 2)]
    [TestCase("loss_param { ignore_label: 7 normalize: true }", 5)]
    [TestCase("loss_param { ignore_label: 7 normalization: FULL }", 6)]
    [TestCase("loss_param { ignore_label: 7 normalization: NONE }", 1)]
    [CaffeBehaviour(CaffeBehaviour.SigmoidLossNormalization)]
    public void TheLossIsDividedAsAsked(string parameters, int divisor)
    {
        bool ignores = parameters.Length > 0;
        float[] x = [0.5f, -2, 3, 100, -100, 0], t = [1, 0, 0.25f, 1, 0, ignores ? 7 : 1];
        using LayerRun run = new($"""type: "SigmoidCrossEntropyLoss" {parameters}""", tops: 1,
            LayerRun.Blob(new Shape(2, 3), x),
            LayerRun.Blob(new Shape(2, 3), t));
        double loss = 0;
        double[] gradient = new double[6];
        for (int i = 0; i < (ignores ? 5 : 6); i++)
        {
            loss += (Math.Max(x[i], 0) - (x[i] * t[i]) + Math.Log(1 + Math.Exp(-Math.Abs(x[i])))) / divisor;
            gradient[i] = ((1 / (1 + Math.Exp(-x[i]))) - t[i]) / divisor;
        }
        Assert.That(run.Forward()[0], Is.EqualTo(loss).Within(1e-6));
        run.SetTopDiff(0, 1);
        Assert.That(run.Backward(), Is.EqualTo(gradient).Within(1e-6));
    }

    [Test]
    public void EachLogitNeedsATarget() => Assert.That(
        () => new LayerRun("""type: "SigmoidCrossEntropyLoss" """, tops: 1, new Blob(new Shape(2, 3)),
            new Blob(new Shape(2, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("a target for each logit"));
}
