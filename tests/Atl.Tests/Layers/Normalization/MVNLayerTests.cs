using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class MVNLayerTests
{
    // Channel 0 has mean 4 and deviation 3, channel 1 mean 7 and deviation 0: (1 - 4) / (3 + 1) = -0.75.
    [TestCase("eps: 1", new float[] { -0.75f, 0.75f, 0, 0 })]
    [TestCase("normalize_variance: false", new float[] { -3, 3, 0, 0 })]
    [CaffeBehaviour(CaffeBehaviour.MvnEps)]
    public void MvnAddsEpsToTheStandardDeviation(string parameters, float[] expected)
    {
        using LayerRun run = new($$"""type: "MVN" mvn_param { {{parameters}} }""", tops: 1,
            LayerRun.Blob(new Shape(1, 2, 1, 2), 1, 7, 7, 7));
        Assert.That(run.Forward(), Is.EqualTo(expected).Within(1e-6f));
    }
}
