using Atl.Layers;

namespace Atl.Tests.Layers;

public class PriorBoxLayerTests
{
    // An image of 20 x 10 and a map of 2 x 1 places: steps of 10, centres (5, 5) and (15, 5).
    [TestCase("min_size: 4", new[] { 0.15f, 0.3f, 0.35f, 0.7f, 0.65f, 0.3f, 0.85f, 0.7f })]
    [TestCase("min_size: 4.9", new[] { 0.15f, 0.3f, 0.35f, 0.7f, 0.65f, 0.3f, 0.85f, 0.7f })]
    [TestCase("min_size: 4 offset: 0", new[] { -0.1f, -0.2f, 0.1f, 0.2f, 0.4f, -0.2f, 0.6f, 0.2f })]
    [TestCase("min_size: 4 offset: 0 clip: true", new[] { 0, 0, 0.1f, 0.2f, 0.4f, 0, 0.6f, 0.2f })]
    [TestCase("min_size: 4 step: 4", new[] { 0, 0, 0.2f, 0.4f, 0.2f, 0, 0.4f, 0.4f })]
    [TestCase("min_size: 4 img_size: 40 step_w: 10 step_h: 10", new[] { 0.075f, 0.075f, 0.175f, 0.175f, 0.325f, 0.075f,
        0.425f, 0.175f })]
    public void CornersAreInPartsOfTheImage(string fields, float[] corners) => Check(fields, 2, corners, [0.1f]);

    // Sides 2 and sqrt(2 * 8) = 4; the ratio 4 and its inverse double and halve the sides 4. One place with its centre
    // at (10, 5).
    [Test]
    public void ARatioComesOnceWithItsInverseAndAfterTheSquares() => Check(
        "min_size: 2 max_size: 8 aspect_ratio: 4 aspect_ratio: 0.25 aspect_ratio: 1 variance: 0.1 variance: 0.2 "
            + "variance: 0.3 variance: 0.4", 1,
        [0.45f, 0.4f, 0.55f, 0.6f, 0.4f, 0.3f, 0.6f, 0.7f, 0.3f, 0.4f, 0.7f, 0.6f, 0.45f, 0.1f, 0.55f, 0.9f],
        [0.1f, 0.2f, 0.3f, 0.4f]);

    [Test]
    public void WithoutMaxSizeTheRatioIsOfMinSize() => Check(
        "min_size: 4 aspect_ratio: 4 flip: false variance: 0.5", 1, [0.4f, 0.3f, 0.6f, 0.7f, 0.3f, 0.4f, 0.7f, 0.6f],
        [0.5f]);

    // FaceBoxes' boxes, in an image of 320 x 160: 4 x 4 of 31 pixels, 8 apart, from 16 left of and above the centre; 2
    // x 2 of 63, 16 apart; one of 127.
    [Test]
    public void DenseAnchorsAreSpreadAroundThePlace()
    {
        List<float> corners = [];
        foreach ((int perSide, int apart, float half) in new[] { (4, 8, 15.5f), (2, 16, 31.5f), (1, 0, 63.5f) })
            for (int row = 0; row < perSide; row++)
                for (int column = 0; column < perSide; column++)
                {
                    float x = 160 + (column - perSide / 2) * apart, y = 80 + (row - perSide / 2) * apart;
                    corners.AddRange([(x - half) / 320, (y - half) / 160, (x + half) / 320, (y + half) / 160]);
                }
        using LayerRun run =
            new("type: 'PriorBox' prior_box_param { min_size: 32 min_size: 64 min_size: 128 dense_anchors: true }", 1,
            new Blob(new Shape(1, 3, 1, 1)), new Blob(new Shape(1, 3, 160, 320)));
        Assert.That(run.Forward()[..corners.Count], Is.EqualTo(corners).Within(1e-6));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 2, 21 * 4)));
    }

    [TestCase("", "min_size must be given")]
    [TestCase("min_size: -1", "min_size must be above 0, found -1")]
    [TestCase("min_size: 4 max_size: 3", "max_size must be above its min_size 4, found 3")]
    [TestCase("min_size: 4 max_size: 5 max_size: 6", "one max_size for each min_size (1) or none, found 2")]
    [TestCase("min_size: 4 variance: 1 variance: 1", "variance must be given once, four times or not at all, found 2")]
    [TestCase("min_size: 4 aspect_ratio: 0", "aspect_ratio must be above 0")]
    [TestCase("min_size: 4 img_h: 3", "img_h and img_w come together")]
    [TestCase("min_size: 4 step: 1 step_h: 1 step_w: 1", "step, or step_h and step_w, not both")]
    public void WhatDoesNotFitIsRefused(string fields, string message) =>
        Assert.That(() => Make(fields, 1), Throws.TypeOf<LayerException>().With.Message.Contains(message));

    private static void Check(string fields, int width, float[] corners, float[] variance)
    {
        using LayerRun run = Make(fields, width);
        float[] found = run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 2, corners.Length)));
        Assert.That(found[..corners.Length], Is.EqualTo(corners).Within(1e-6));
        Assert.That(found[corners.Length..],
            Is.EqualTo(Enumerable.Range(0, corners.Length).Select(i => variance[i % variance.Length])));
    }

    private static LayerRun Make(string fields, int width) =>
        new($"type: 'PriorBox' prior_box_param {{ {fields} }}", 1, new Blob(new Shape(1, 3, 1, width)),
            new Blob(new Shape(1, 3, 10, 20)));
}
