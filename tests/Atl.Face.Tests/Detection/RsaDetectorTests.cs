using System.Numerics;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Nets;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Tests.Detection;

/// <summary>Small nets of the published ones' structure: an image to a map at stride 4, a map to one half as large, a
/// map to a head at stride 16.</summary>
public class RsaDetectorTests
{
    private static readonly Model Features = Net(
        "name: 'res_pool2' mem_param { optimize_test: true } "
        + Input("data", 3, 64) + Convolution("conv1", "data", 4, 7, 2, 3)
        + "layer { name: 'relu' type: 'ReLU' bottom: 'conv1' top: 'conv1' }"
        + "layer { name: 'pool' type: 'Pooling' bottom: 'conv1' top: 'pool1' pooling_param { pool: MAX kernel_size: "
        + "3 stride: 2 } }"
        + Convolution("branch", "pool1", 4, 3, 1, 1)
        + "layer { name: 'bn' type: 'BatchNorm' bottom: 'branch' top: 'branch' }"
        + "layer { name: 'scale' type: 'Scale' bottom: 'branch' top: 'branch' scale_param { bias_term: true } }"
        + "layer { name: 'sum' type: 'Eltwise' bottom: 'branch' bottom: 'pool1' top: 'res2b' }");

    private static readonly Model Octave = Net(Input("res2b", 4, 16)
        + Convolution("res2b_trans_5", "res2b", 4, 3, 2, 1));

    [Test]
    public void APointIsItsAnchorMovedByTheRegression()
    {
        // Two rows and three columns; the cell (1, 2) alone passes: centre (16 · 2 + 7.5, 16 + 7.5) = (39.5, 23.5),
        // length 89.509668.
        float[] scores = [0, 0, 0, 0, 2.99f, 9], regression = new float[60];
        regression[5] = 0.1719f;       // x1: the left eye moves to the anchor's middle
        regression[6 + 5] = 0.2204f;   // y1
        regression[(9 * 6) + 5] = 1;   // y5: one length down
        DetectedFace face = RsaDecoder.Decode(scores, regression, 3, 3, 0.5f).Single();
        Assert.That(face.Score, Is.EqualTo(9));
        Close(face.Landmarks.LeftEye, 19.75f, 11.75f);
        Close(face.Landmarks.RightEye, ((0.1719f * 89.509668f) + 39.5f) / 2, ((-0.2261f * 89.509668f) + 23.5f) / 2);
        Close(face.Landmarks.RightMouth, ((0.1409f * 89.509668f) + 39.5f) / 2, ((1.1978f * 89.509668f) + 23.5f) / 2);
    }

    [Test]
    public void WithoutRegressionThePointsAreTheAnchors()
    {
        // The length 2 · 44.754834 times each anchor point, from the cell's middle (7.5, 7.5) on.
        DetectedFace face = RsaDecoder.Decode([3], new float[10], 1, 3, 1).Single();
        Close(face.Landmarks.LeftEye, -7.8867f, -12.2279f);
        Close(face.Landmarks.RightEye, 22.8867f, -12.7381f);
        Close(face.Landmarks.Nose, 7.3478f, 7.0793f);
        Close(face.Landmarks.LeftMouth, -5.1119f, 25.7063f);
        Close(face.Landmarks.RightMouth, 20.1119f, 25.2050f);
    }

    [TestCase(3f, 1)]
    [TestCase(2.9999f, 0)]
    [TestCase(float.NaN, 0)]
    public void ACellOfTheThresholdPasses(float score, int faces) =>
    Assert.That(RsaDecoder.Decode([score], new float[10], 1, 3, 1).Count(), Is.EqualTo(faces));

    [Test]
    public void TheDefaultsAreThoseOfThePaper()
    {
        RsaOptions options = new();
        Assert.That(
            (options.LongSide, options.Octaves, options.CandidateThreshold, options.Threshold, options.Overlap),
            Is.EqualTo((2048, 5, 3f, 8f, 0.2f)));
    }

    [Test]
    public void FiveOctavesSearchForFacesUpToSixteenTimesAsLarge()
    {
        using RsaDetector detector = new([Features, Octave, Head(9)], new RsaOptions { LongSide = 512, Overlap = 1 });
        using Mat image = new(1024, 512, MatType.CV_8UC3, Scalar.All(9));
        float[] widths = [.. detector.Detect([image])[0].Select(face => face.Box.Width).Order().Distinct()];
        // 1024 pixels become 512: a pixel of the largest octave is two of the image.
        float anchor = RsaDecoder.Decode([9], new float[10], 1, 3, 2).Single().Box.Width;
        Assert.That(widths.GroupBy(width => MathF.Round(width / anchor)).Select(octave => octave.Key),
            Is.EqualTo([1f, 2f, 4f, 8f, 16f]));
        Assert.That(widths,
            Has.All.Matches<float>(width => MathF.Abs((width / anchor) - MathF.Round(width / anchor)) < 1e-3f));
    }

    [Test]
    public void TheInputIsBlueGreenRedLess127()
    {
        // The score of a cell is 1 · blue + 10 · green + 100 · red of its pixel: 3 + 10 + 0 with 127 taken away.
        using Model features = Weighted(
            Input("data", 3, 64) + Pointwise("c", "data", "res2b", "num_output: 1 stride: 16 bias_term: false"),
            "layer { name: 'c' blobs { shape { dim: 1 dim: 3 dim: 1 dim: 1 } data: 1 data: 10 data: 100 } }");
        using Model head = Net(
            Input("res2b", 1, 4) + Pointwise("cls", "res2b", "rpn_cls", "num_output: 1 weight_filler { value: 1 }")
            + Pointwise("reg", "res2b", "rpn_reg", "num_output: 10 weight_filler { value: 0 }"));
        using RsaDetector detector = new([features, Octave, head], new RsaOptions { LongSide = 64, Octaves = 1 });
        using Mat image = new(64, 64, MatType.CV_8UC3, new Scalar(130, 128, 127));
        Assert.That(detector.Detect([image])[0].Select(face => face.Score), Is.Not.Empty.And.All.EqualTo(13f));
    }

    [Test]
    public void TheBoxIsTheUnitSquareOfTheFittedPoints()
    {
        // The unit square's points, 100 times as large, from (10, 20) on.
        FaceBox box = RsaDecoder.BoxOf(new Landmarks(new(30, 40), new(90, 40), new(60, 70), new(40, 95), new(80, 95)));
        Assert.That(new[] { box.Left, box.Top, box.Right, box.Bottom }, Is.EqualTo(new float[] { 10, 20, 110, 120 })
            .Within(1e-3));
    }

    [Test]
    public void EveryOctaveIsSearchedAndOverlapsAreSuppressed()
    {
        // A head whose scores are 9 everywhere and whose regression is 0.
        using RsaDetector detector = new([Features, Octave, Head(9)], new RsaOptions { LongSide = 128, Octaves = 3 });
        using Mat image = new(64, 256, MatType.CV_8UC3, new Scalar(20, 40, 60));
        IReadOnlyList<DetectedFace> faces = detector.Detect([image])[0];
        // 256 pixels become 128; the head sees 8 × 2, 4 × 1 and 2 × 1 cells, 32, 64 and 128 pixels apart, of faces 1, 2
        // and 4 times 103 pixels large. In the first octave those stay that are 96 pixels apart. Each of the second
        // holds one of them, a quarter of its area, and goes; of the third, of which they are a sixteenth, the first
        // stays.
        Assert.That(faces, Is.Not.Empty.And.All.Matches<DetectedFace>(face => face.Score > 8));
        float anchor = RsaDecoder.Decode([9], new float[10], 1, 3, 2).Single().Box.Width;
        Assert.That(faces.Select(face => MathF.Round(face.Box.Width / anchor)), Is.EqualTo([1f, 1f, 1f, 4f]));
        for (int i = 0; i < faces.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.That(BoxSuppression.Overlap(faces[i].Box, faces[j].Box, OverlapMeasure.Union),
                    Is.LessThanOrEqualTo(0.2f));
    }

    [TestCase(7.9f, 0)]
    [TestCase(8f, 0)]
    [TestCase(8.001f, 1)]
    public void OnlyScoresAboveEightAreFaces(float score, int faces)
    {
        using RsaDetector detector = new([Features, Octave, Head(score)],
            new RsaOptions { LongSide = 64, Octaves = 5 });
        using Mat image = new(64, 64, MatType.CV_8UC3, Scalar.All(9));
        Assert.That(detector.Detect([image])[0].Take(1).Count(), Is.EqualTo(faces));
    }

    private static Model Head(float score) => Net(
        Input("res2b", 4, 16) + Convolution("down", "res2b", 4, 3, 2, 1) + Output("rpn_cls", 1, score)
            + Output("rpn_reg", 10, 0));

    private static string Output(string name, int channels, float bias) => FormattableString.Invariant(
        $$"""
        layer { name: '{{name}}' type: 'Convolution' bottom: 'down' top: '{{name}}' convolution_param {
          num_output: {{channels}} kernel_size: 3 stride: 2 pad: 1 weight_filler { value: 0 } bias_filler { value: {{bias}} } } }
        """);

    private static string Input(string name, int channels, int side) => FormattableString.Invariant(
        $$"""layer { name: 'in' type: 'Input' top: '{{name}}' input_param { shape { dim: 1 dim: {{channels}} dim: {{side}} dim: {{side}} } } }""");

    private static string Convolution(string name, string bottom, int outputs, int kernel, int stride, int pad) =>
        FormattableString.Invariant(
        $$"""
        layer { name: '{{name}}' type: 'Convolution' bottom: '{{bottom}}' top: '{{name}}' convolution_param {
          num_output: {{outputs}} kernel_size: {{kernel}} stride: {{stride}} pad: {{pad}} weight_filler { type: 'msra' } } }
        """);

    private static string Pointwise(string name, string bottom, string top, string parameters) =>
        $$"""layer { name: '{{name}}' type: 'Convolution' bottom: '{{bottom}}' top: '{{top}}' convolution_param { kernel_size: 1 {{parameters}} } }""";

    private static Model Weighted(string net, string weights) => new(TextFormat.Parse<NetParameter>(net),
        [new WeightsFile("weights", TextFormat.Parse<NetParameter>(weights))]);

    private static Model Net(string text) => Model.Untrained(TextFormat.Parse<NetParameter>(text));

    private static void Close(Vector2 found, float x, float y) =>
        Assert.That(Vector2.Distance(found, new Vector2(x, y)), Is.LessThan(1e-3f),
            $"found {found}, expected ({x}, {y})");
}
