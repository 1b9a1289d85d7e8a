using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class CropLayerTests
{
    [TestCase("axis: 1 offset: 1", new[] { 2, 2 }, new float[] { 2, 3, 5, 6 })]
    [TestCase("axis: 0 offset: 1 offset: 0", new[] { 1, 2 }, new float[] { 4, 5 })]
    [TestCase("axis: -1", new[] { 2, 1 }, new float[] { 1, 4 })]
    [CaffeBehaviour(CaffeBehaviour.CropOffsets)]
    public void TheBoxIsCutOut(string parameters, int[] like, float[] expected)
    {
        using LayerRun run = new(
            $$"""type: "Crop" crop_param { {{parameters}} }""", tops: 1,
            LayerRun.Blob(new Shape(2, 3), 1, 2, 3, 4, 5, 6), new Blob(new Shape(like)));
        Assert.That(run.Forward(), Is.EqualTo(expected));
    }

    [TestCase("axis: 1 offset: 2", "ends beyond the bottom")]
    [TestCase("axis: 0 offset: 1 offset: 1 offset: 1", "once for each of the 2 axes")]
    public void ACutThatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($$"""type: "Crop" crop_param { {{parameters}} }""", tops: 1, new Blob(new Shape(2, 3)),
            new Blob(new Shape(2, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));
}
