using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class TileLayerTests
{
    [TestCase("tiles: 2", new[] { 2, 4 }, new float[] { 1, 2, 1, 2, 3, 4, 3, 4 })]
    [TestCase("axis: 0 tiles: 2", new[] { 4, 2 }, new float[] { 1, 2, 3, 4, 1, 2, 3, 4 })]
    [TestCase("axis: -1 tiles: 1", new[] { 2, 2 }, new float[] { 1, 2, 3, 4 })]
    [CaffeBehaviour(CaffeBehaviour.Tile)]
    public void CopiesFollowOneAnother(string parameters, int[] shape, float[] expected)
    {
        using LayerRun run = new($$"""type: "Tile" tile_param { {{parameters}} }""", tops: 1,
            LayerRun.Blob(new Shape(2, 2), 1, 2, 3, 4));
        Assert.That(run.Forward(), Is.EqualTo(expected));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(shape)));
    }

    [TestCase("")]
    [TestCase("tiles: 0")]
    public void TheNumberIsNeeded(string parameters) => Assert.That(
        () => new LayerRun($$"""type: "Tile" tile_param { {{parameters}} }""", tops: 1, new Blob(new Shape(2, 2))),
        Throws.TypeOf<LayerException>().With.Message.Contains("tiles"));
}
