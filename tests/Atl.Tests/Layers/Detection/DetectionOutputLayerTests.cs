using System.Text.Json;
using Atl.Layers;
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
    public void OverlappingBoxesOfAClassAreDroppedAndRowsComeByClassAndScore() =>
        Check("num_classes: 3 nms_param { nms_threshold: 0.3 } confidence_threshold: 0.25",
    [
        0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
        0, 2, 0.4f, 0.6f, 0.6f, 0.8f, 1,
        0, 2, 0.3f, 0, 0, 0.4f, 0.4f,
    ]);

    [Test]
    public void AHigherThresholdKeepsBoth() =>
    Check("num_classes: 3 nms_param { nms_threshold: 0.4 } confidence_threshold: 0.35",
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
    public void OnlyTheBestOfAClassAreLookedAt() =>
    Check("num_classes: 3 background_label_id: -1 nms_param { top_k: 1 }",
    [
        0, 0, 0.5f, 0.6f, 0.6f, 0.8f, 1,
        0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
        0, 2, 0.4f, 0.6f, 0.6f, 0.8f, 1,
    ]);

    [Test]
    public void WithoutADetectionEachImageHasARowOfMinusOne() =>
    Check("num_classes: 3 confidence_threshold: 0.9", [0, -1, -1, -1, -1, -1, -1]);

    // The prediction 1 2 3 4 of the third prior: centre (0.7, 0.8), sides 0.2 and 0.4, variances 0.1 0.1 0.2 0.2.
    [TestCase("CORNER", false, new[] { 0.7, 0.8, 1.4, 1.8 })]
    [TestCase("CORNER", true, new[] { 1.6, 2.6, 3.8, 5.0 })]
    [TestCase("CORNER_SIZE", false, new[] { 0.62, 0.68, 0.92, 1.32 })]
    // Centre (0.72, 0.88), half sides 0.1 e^0.6 = 0.182212 and 0.2 e^0.8 = 0.445108.
    [TestCase("CENTER_SIZE", false, new[] { 0.537788, 0.434892, 0.902212, 1.325108 })]
    public void PredictionsAreDecoded(string code, bool encoded, double[] box)
    {
        string fields = $"num_classes: 3 code_type: {code} variance_encoded_in_target: "
            + $"{(encoded ? "true" : "false")} nms_param {{ top_k: 1 }} keep_top_k: 1";
        using LayerRun run = Make(fields, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0.5f]);
        float[] found = run.Forward();
        Assert.That(found[..3], Is.EqualTo([0, 2, 0.5f]));
        Assert.That(found[3..], Is.EqualTo(box).Within(1e-5));
    }

    [Test]
    public void EachClassMayHaveABoxOfItsOwn()
    {
        float[] locations = new float[3 * 3 * 4];
        locations[(2 * 3 + 2) * 4] = -6;
        using LayerRun run = Make("num_classes: 3 share_location: false confidence_threshold: 0.35", locations, Scores);
        Assert.That(run.Forward(), Is.EqualTo(
        [
            0, 1, 0.8f, 0.2f, 0, 0.6f, 0.4f,
            0, 2, 0.4f, 0, 0.6f, 0.8f, 1,
        ]).Within(1e-6));
    }

    // IoU 0.6 of two squares of width 0.4, 0.1 apart: dropped once 0.7 has been multiplied by 0.8.
    [TestCase(1, 2)]
    [TestCase(0.8, 1)]
    public void TheThresholdFallsWithEachBoxKept(double eta, int expected)
    {
        float[] locations = [0, 0, 0, 0, -1, 0, -0.5f, 0, 0, 0, 0, 0];
        using LayerRun run =
            Make($"num_classes: 3 nms_param {{ nms_threshold: 0.7 eta: {eta} }} confidence_threshold: 0.5", locations,
                [0, 0.9f, 0, 0,
            0.8f, 0, 0, 0, 0]);
        run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, expected, 7)));
    }

    [TestCase("", "num_classes must be given")]
    [TestCase("num_classes: 4", "must hold 3 x 4 scores for each of 1 images")]
    [TestCase("num_classes: 3 share_location: false", "must hold 3 x 3 boxes")]
    [TestCase("num_classes: 3 nms_param { eta: 0 }", "eta must be above 0")]
    [TestCase("num_classes: 3 nms_param { nms_threshold: -1 }", "nms_threshold must be 0 or more")]
    public void WhatDoesNotFitIsRefused(string fields, string message) =>
        Assert.That(() => Make(fields, new float[12], Scores),
            Throws.TypeOf<LayerException>().With.Message.Contains(message));

    // The second prior of class 1 and the third of class 2, in an image of 200 x 100 pixels; written once both images
    // of the list are through.
    [TestCase("VOC", "out_cat.txt", "b 0.8 20 0 60 80\n")]
    [TestCase("VOC", "out_7.txt", "b 0.4 60 120 80 200\n")]
    [TestCase("ILSVRC", "out_.txt", "b 1 0.8 20 0 60 80\nb 2 0.4 60 120 80 200\n")]
    public void ResultsAreWrittenAsSsdWritesThem(string format, string file, string lines)
    {
        using TemporaryFolder folder = new();
        using LayerRun run = Make(Saved(folder, format), new float[12], Scores);
        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(Directory.GetFiles(folder["results"]), Is.Empty);
        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(File.ReadAllText(Path.Combine(folder["results"], file)),
            Is.EqualTo(lines.Replace("b ", "a ", StringComparison.Ordinal) + lines));
    }

    [Test]
    public void CocosResultsAreJson()
    {
        using TemporaryFolder folder = new();
        using LayerRun run = Make(Saved(folder, "COCO"), new float[12], Scores);
        run.Layer.Forward(run.Bottom, run.Top);
        run.Layer.Forward(run.Bottom, run.Top);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["results"], "out_.json")));
        JsonElement last = json.RootElement[json.RootElement.GetArrayLength() - 1];
        Assert.That(json.RootElement.GetArrayLength(), Is.EqualTo(4));
        Assert.That(last.GetProperty("image_id").GetString(), Is.EqualTo("b"));
        Assert.That(last.GetProperty("category_id").GetInt32(), Is.EqualTo(7));
        Assert.That(last.GetProperty("bbox").EnumerateArray().Select(value => value.GetSingle()),
            Is.EqualTo(new float[] { 60, 120, 20, 80 }));
        Assert.That(last.GetProperty("score").GetSingle(), Is.EqualTo(0.4f));
    }

    // Padded to a square, the image of 100 x 200 takes the middle half of the columns: x goes from 0.6 to 0.7, and what
    // lies in the padding is cut off.
    [TestCase("resize_mode: FIT_LARGE_SIZE_AND_PAD", "b 0.4 70 120 100 200\n")]
    [TestCase("resize_mode: WARP", "b 0.4 60 120 80 200\n")]
    [TestCase("resize_mode: FIT_SMALL_SIZE height_scale: 100 width_scale: 50", "b 0.4 30 60 40 100\n")]
    public void BoxesAreBroughtBackToTheImage(string mode, string line)
    {
        using TemporaryFolder folder = new();
        using LayerRun run = Make(Saved(folder, "VOC", $"resize_param {{ height: 300 width: 300 {mode} }}"),
            new float[12], Scores);
        run.Layer.Forward(run.Bottom, run.Top);
        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(File.ReadLines(Path.Combine(folder["results"], "out_7.txt")).Last() + "\n", Is.EqualTo(line));
    }

    [Test]
    public void FilesThatDoNotFitAreNamed()
    {
        using TemporaryFolder folder = new();
        string saved = Saved(folder, "VOC");
        File.WriteAllText(folder["sizes.txt"], "a 200 100\nb 200\n");
        Assert.That(() => Make(saved, new float[12], Scores),
            Throws.TypeOf<LayerException>().With.Message.Contains("sizes.txt:2: 'b 200', expected"));
        File.WriteAllText(folder["sizes.txt"], "a 200 100\n");
        Assert.That(() => Make(saved, new float[12], Scores),
            Throws.TypeOf<LayerException>().With.Message.Contains("num_test_image must be 1 to 1"));
        File.WriteAllText(folder["labels.prototxt"], "item { name: 'cat' label: 1 }");
        Assert.That(() => Make(saved, new float[12], Scores),
            Throws.TypeOf<LayerException>().With.Message.Contains("no name for label 2"));
        Assert.That(() => Make(saved.Replace("VOC", "XML", StringComparison.Ordinal), new float[12], Scores),
            Throws.TypeOf<LayerException>().With.Message.Contains("found 'XML'"));
    }

    [Test]
    public void MobileNetSsdRuns()
    {
        string file = TestData.Require("prototxt", "chuanqi305+MobileNet-SSD", "deploy.prototxt");
        using Net net = new(ProtoFiles.ReadNet(file),
            new NetOptions { Phase = Phase.Test, Seed = 1, Keep = ["mbox_priorbox"] });
        net.Inputs[0].Data.Fill(0.5f);
        net.Forward();
        Assert.That(net.FindBlob("mbox_priorbox")!.Shape, Is.EqualTo(new Shape(1, 2, 1917 * 4)));
        Assert.That(net.Outputs.Select(output => output.Name), Is.EqualTo(["detection_out"]));
        Assert.That(net.Outputs[0].Shape.Dims.ToArray()[..2].Append(net.Outputs[0].Shape[3]), Is.EqualTo([1, 1, 7]));
    }

    private static string Saved(TemporaryFolder folder, string format, string more = "")
    {
        File.WriteAllText(folder["labels.prototxt"],
            "item { name: 'none' label: 0 display_name: 'x' } item { name: 'cat' label: 1 } item { name: '7' "
                + "label: 2 }");
        File.WriteAllText(folder["sizes.txt"], "a 200 100\nb 200 100\n");
        string files = $"output_directory: '{folder["results"]}' label_map_file: '{folder["labels.prototxt"]}' "
            + $"name_size_file: '{folder["sizes.txt"]}'";
        return "num_classes: 3 nms_param { nms_threshold: 0.3 } confidence_threshold: 0.35 "
            + $"save_output_param {{ {files} output_name_prefix: 'out_' output_format: '{format}' num_test_image: 2 "
            + $"{more} }}";
    }

    [Test]
    public void AFourthBottomIsNotRead()
    {
        const string Fields = "num_classes: 3 nms_param { nms_threshold: 0.3 } confidence_threshold: 0.35";
        using LayerRun three = Make(Fields, new float[12], Scores);
        using LayerRun four = new($"type: 'DetectionOutput' detection_output_param {{ {Fields} }}", 1,
            [.. three.Bottom, new Blob(new Shape(1, 3, 8, 8))]);
        Assert.That(four.Forward(), Is.EqualTo(three.Forward()));
    }

    [Test]
    public void MoreBoxesThanPriorsPointAtFaceBoxes() => Assert.That(
        () => Make("num_classes: 3", new float[84], Scores),
        Throws.TypeOf<LayerException>().With.Message.Contains(
            "found 1 84 (84), 21 boxes; for a net of FaceBoxes").And.Message.Contains("dense_anchors: true"));

    private static void Check(string fields, float[] rows)
    {
        using LayerRun run = Make(fields, new float[12], Scores);
        Assert.That(run.Forward(), Is.EqualTo(rows));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, rows.Length / 7, 7)));
    }

    private static LayerRun Make(string fields, float[] locations, float[] scores) =>
        new($"type: 'DetectionOutput' detection_output_param {{ {fields} }}", 1,
        LayerRun.Blob(new Shape(1, locations.Length), locations), LayerRun.Blob(new Shape(1, scores.Length), scores),
        LayerRun.Blob(new Shape(1, 2, 12),
            Priors));
}
