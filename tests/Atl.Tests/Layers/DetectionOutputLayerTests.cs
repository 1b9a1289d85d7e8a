using Atl.Layers;
using Atl.Nets;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class DetectionOutputLayerTests
{
    // Three priors: the second shares half of its area with the first (IoU 1/3), the third lies apart.
    private static readonly float[] Priors =
    [
        0, 0, 0.4f, 0.4f,
        0.2f, 0, 0.6f, 0.4f,
        0.6f, 0.6f, 0.8f, 1,
        0.1f, 0.1f, 0.2f, 0.2f, 0.1f, 0.1f, 0.2f, 0.2f, 0.1f, 0.1f, 0.2f, 0.2f,
    ];

    // Background, class 1, class 2 for each prior.
    private static readonly float[] Scores = [0.1f, 0.6f, 0.3f, 0.1f, 0.8f, 0.1f, 0.5f, 0.1f, 0.4f];

    [Test]
    public void OverlappingBoxesOfAClassAreDroppedAndRowsComeByClassAndScore() => Check("num_classes: 3 nms_param { nms_threshold: 0.3 } confidence_threshold: 0.25",
    [
        0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
        0, 2, 0.4f, 0.6f, 0.6f, 0.8f, 1,
        0, 2, 0.3f, 0, 0, 0.4f, 0.4f,
    ]);

    [Test]
    public void AHigherThresholdKeepsBoth() => Check("num_classes: 3 nms_param { nms_threshold: 0.4 } confidence_threshold: 0.35",
    [
        0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
        0, 1, 0.6f, 0, 0, 0.4f, 0.4f,
        0, 2, 0.4f, 0.6f, 0.6f, 0.8f, 1,
    ]);

    [Test]
    public void TheBestOfAllClassesAreKept() => Check("num_classes: 3 nms_param { nms_threshold: 0.4 } keep_top_k: 2",
    [
        0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
        0, 1, 0.6f, 0, 0, 0.4f, 0.4f,
    ]);

    [Test]
    public void OnlyTheBestOfAClassAreLookedAt() => Check("num_classes: 3 background_label_id: -1 nms_param { top_k: 1 }",
    [
        0, 0, 0.5f, 0.6f, 0.6f, 0.8f, 1,
        0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
        0, 2, 0.4f, 0.6f, 0.6f, 0.8f, 1,
    ]);

    [Test]
    public void WithoutADetectionEachImageHasARowOfMinusOne() => Check("num_classes: 3 confidence_threshold: 0.9", [0, -1, -1, -1, -1, -1, -1]);

    // The prediction 1 2 3 4 of the third prior: centre (0.7, 0.8), sides 0.2 and 0.4, variances 0.1 0.1 0.2 0.2.
    [TestCase("CORNER", false, new[] { 0.7, 0.8, 1.4, 1.8 })]
    [TestCase("CORNER", true, new[] { 1.6, 2.6, 3.8, 5.0 })]
    [TestCase("CORNER_SIZE", false, new[] { 0.62, 0.68, 0.92, 1.32 })]
    // Centre (0.72, 0.88), half sides 0.1 e^0.6 = 0.182212 and 0.2 e^0.8 = 0.445108.
    [TestCase("CENTER_SIZE", false, new[] { 0.537788, 0.434892, 0.902212, 1.325108 })]
    public void PredictionsAreDecoded(string code, bool encoded, double[] box)
    {
        string fields = $"num_classes: 3 code_type: {code} variance_encoded_in_target: {(encoded ? "true" : "false")} nms_param {{ top_k: 1 }} keep_top_k: 1";
        using LayerRun run = Make(fields, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0.5f]);
        float[] found = run.Forward();
        Assert.That(found[..3], Is.EqualTo(new[] { 0, 2, 0.5f }));
        Assert.That(found[3..], Is.EqualTo(box).Within(1e-5));
    }

    [Test]
    public void EachClassMayHaveABoxOfItsOwn()
    {
        float[] locations = new float[3 * 3 * 4];
        locations[(2 * 3 + 2) * 4] = -6;
        using LayerRun run = Make("num_classes: 3 share_location: false confidence_threshold: 0.35", locations, Scores);
        Assert.That(run.Forward(), Is.EqualTo(new[]
        {
            0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
            0, 2, 0.4f, 0, 0.6f, 0.8f, 1,
        }).Within(1e-6));
    }

    // IoU 0.6 of two squares of width 0.4, 0.1 apart: dropped once 0.7 has been multiplied by 0.8.
    [TestCase(1, 2)]
    [TestCase(0.8, 1)]
    public void TheThresholdFallsWithEachBoxKept(double eta, int expected)
    {
        float[] locations = [0, 0, 0, 0, -1, 0, -0.5f, 0, 0, 0, 0, 0];
        using LayerRun run = Make($"num_classes: 3 nms_param {{ nms_threshold: 0.7 eta: {eta} }} confidence_threshold: 0.5", locations, [0, 0.9f, 0, 0, 0.8f, 0, 0, 0, 0]);
        run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, expected, 7)));
    }

    [TestCase("", "num_classes must be given")]
    [TestCase("num_classes: 4", "must hold 3 x 4 scores for each of 1 images")]
    [TestCase("num_classes: 3 share_location: false", "must hold 3 x 3 boxes")]
    [TestCase("num_classes: 3 nms_param { eta: 0 }", "eta must be above 0")]
    [TestCase("num_classes: 3 nms_param { nms_threshold: -1 }", "nms_threshold must be 0 or more")]
    public void WhatDoesNotFitIsRefused(string fields, string message) =>
        Assert.That(() => Make(fields, new float[12], Scores), Throws.TypeOf<LayerException>().With.Message.Contains(message));

    [Test]
    public void MobileNetSsdRuns()
    {
        string file = TestData.Require("prototxt", "chuanqi305+MobileNet-SSD", "deploy.prototxt");
        using Net net = new(ProtoFiles.ReadNet(file), new NetOptions { Phase = Phase.Test, Seed = 1, Keep = ["mbox_priorbox"] });
        net.Inputs[0].Data.Fill(0.5f);
        net.Forward();
        Assert.That(net.FindBlob("mbox_priorbox")!.Shape, Is.EqualTo(new Shape(1, 2, 1917 * 4)));
        Assert.That(net.Outputs.Select(output => output.Name), Is.EqualTo(new[] { "detection_out" }));
        Assert.That(net.Outputs[0].Shape.Dims.ToArray()[..2].Append(net.Outputs[0].Shape[3]), Is.EqualTo(new[] { 1, 1, 7 }));
    }

    private static void Check(string fields, float[] rows)
    {
        using LayerRun run = Make(fields, new float[12], Scores);
        Assert.That(run.Forward(), Is.EqualTo(rows));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, rows.Length / 7, 7)));
    }

    private static LayerRun Make(string fields, float[] locations, float[] scores) => new($"type: 'DetectionOutput' detection_output_param {{ {fields} }}", 1,
        LayerRun.Blob(new Shape(1, locations.Length), locations), LayerRun.Blob(new Shape(1, scores.Length), scores), LayerRun.Blob(new Shape(1, 2, 12), Priors));
}
