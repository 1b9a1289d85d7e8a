using System.Numerics;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Tests.Detection;

/// <summary>Small nets of the published ones' structure: an image to a map at stride 4, a map to one half as large, a map to a head at stride 16.</summary>
public class RsaDetectorTests
{
    private const string Residual = "layer {{ name: '{0}' type: 'Convolution' bottom: '{1}' top: '{0}' convolution_param {{ num_output: {2} kernel_size: {3} stride: {4} pad: {5} weight_filler {{ type: 'msra' }} }} }}";

    private static readonly NetFiles Features = Net(
        "name: 'res_pool2' mem_param { optimize_test: true } layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 64 dim: 64 } } }"
        + Convolution("conv1", "data", 4, 7, 2, 3) + "layer { name: 'relu' type: 'ReLU' bottom: 'conv1' top: 'conv1' }"
        + "layer { name: 'pool' type: 'Pooling' bottom: 'conv1' top: 'pool1' pooling_param { pool: MAX kernel_size: 3 stride: 2 } }"
        + Convolution("branch", "pool1", 4, 3, 1, 1)
        + "layer { name: 'bn' type: 'BatchNorm' bottom: 'branch' top: 'branch' } layer { name: 'scale' type: 'Scale' bottom: 'branch' top: 'branch' scale_param { bias_term: true } }"
        + "layer { name: 'sum' type: 'Eltwise' bottom: 'branch' bottom: 'pool1' top: 'res2b' }");

    private static readonly NetFiles Octave = Net(Input(4) + Convolution("res2b_trans_5", "res2b", 4, 3, 2, 1));

    [Test]
    public void APointIsItsAnchorMovedByTheRegression()
    {
        // Two rows and three columns; the cell (1, 2) alone passes: centre (16 · 2 + 7.5, 16 + 7.5) = (39.5, 23.5), length 89.509668.
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
    public void TheBoxIsTheUnitSquareOfTheFittedPoints()
    {
        // The unit square's points, 100 times as large, from (10, 20) on.
        FaceBox box = RsaDecoder.BoxOf(new Landmarks(new(30, 40), new(90, 40), new(60, 70), new(40, 95), new(80, 95)));
        Assert.That(new[] { box.Left, box.Top, box.Right, box.Bottom }, Is.EqualTo(new float[] { 10, 20, 110, 120 }).Within(1e-3));
    }

    [Test]
    public void EveryOctaveIsSearchedAndOverlapsAreSuppressed()
    {
        // A head whose scores are 9 everywhere and whose regression is 0.
        using RsaDetector detector = new([Features, Octave, Head(9)], new RsaOptions { LongSide = 128, Octaves = 3 });
        using Mat image = new(64, 256, MatType.CV_8UC3, new Scalar(20, 40, 60));
        IReadOnlyList<DetectedFace> faces = detector.Detect([image])[0];
        // 256 pixels become 128; the head sees 8 × 2, 4 × 1 and 2 × 1 cells, 32, 64 and 128 pixels apart, of faces 1, 2 and 4 times 103 pixels
        // large. In the first octave those stay that are 96 pixels apart. Each of the second holds one of them, a quarter of its area, and goes;
        // of the third, of which they are a sixteenth, the first stays.
        Assert.That(faces, Is.Not.Empty.And.All.Matches<DetectedFace>(face => face.Score > 8));
        float anchor = RsaDecoder.Decode([9], new float[10], 1, 3, 2).Single().Box.Width;
        Assert.That(faces.Select(face => MathF.Round(face.Box.Width / anchor)), Is.EqualTo(new[] { 1f, 1f, 1f, 4f }));
        for (int i = 0; i < faces.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.That(BoxSuppression.Overlap(faces[i].Box, faces[j].Box, OverlapMeasure.Union), Is.LessThanOrEqualTo(0.2f));
    }

    [Test]
    public void ScoresBetweenTheThresholdsAreNoFaces()
    {
        using RsaDetector detector = new([Features, Octave, Head(7.9f)], new RsaOptions { LongSide = 64, Octaves = 5 });
        using Mat image = new(64, 64, MatType.CV_8UC3, Scalar.All(9));
        Assert.That(detector.Detect([image])[0], Is.Empty);
    }

    private static NetFiles Head(float score) => Net(
        Input(4) + Convolution("down", "res2b", 4, 3, 2, 1)
        + "layer { name: 'cls' type: 'Convolution' bottom: 'down' top: 'rpn_cls' convolution_param { num_output: 1 kernel_size: 3 stride: 2 pad: 1 weight_filler { value: 0 } bias_filler { value: "
        + score.ToString(System.Globalization.CultureInfo.InvariantCulture) + " } } }"
        + "layer { name: 'reg' type: 'Convolution' bottom: 'down' top: 'rpn_reg' convolution_param { num_output: 10 kernel_size: 3 stride: 2 pad: 1 weight_filler { value: 0 } } }");

    private static string Input(int channels) => $"layer {{ name: 'in' type: 'Input' top: 'res2b' input_param {{ shape {{ dim: 1 dim: {channels} dim: 16 dim: 16 }} }} }}";

    private static string Convolution(string name, string bottom, int outputs, int kernel, int stride, int pad) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, Residual, name, bottom, outputs, kernel, stride, pad);

    private static NetFiles Net(string text) => new(TextFormat.Parse<NetParameter>(text), null, "net");

    private static void Close(Vector2 found, float x, float y) => Assert.That(Vector2.Distance(found, new Vector2(x, y)), Is.LessThan(1e-3f), $"found {found}, expected ({x}, {y})");
}
