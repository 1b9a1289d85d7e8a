using System.Numerics;
using Atl.Face.Alignment;
using Atl.Face.Faces;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Face.Tests.Alignment;

public class FaceAlignmentTests
{
    private const float Tolerance = 1e-3f;

    // Eyes in (70, 60) and (110, 60), mouth in (75, 110) and (105, 110): e = (90, 60), m = (90, 110), d = 50, c = (90,
    // 85).
    private static readonly Landmarks Upright = new(new(70, 60), new(110, 60), new(90, 85), new(75, 110),
        new(105, 110));

    [Test]
    public void WuXiangPutsEyesAndMouthFortyPixelsApartAroundTheMiddle()
    {
        SimilarityTransform t = new WuXiangAlignment().Transform(Upright, 200, 200);
        // s = 40/50: a = .8, b = 0; X = 56 − .8 · 90 = −16, Y = 56 − .8 · 85 = −12.
        Close(t, 0.8, 0.0, -16.0, -12.0);
        Close(t.Apply(Upright.EyeCenter), 56, 36);
        Close(t.Apply(Upright.MouthCenter), 56, 76);
    }

    [TestCase(0.3)]
    [TestCase(-1.2)]
    [TestCase(2.9)]
    public void WuXiangUndoesAnyRotation(double angle)
    {
        Matrix3x2 turn = Matrix3x2.CreateRotation((float)angle, new Vector2(40, 170)) * Matrix3x2.CreateScale(1.7f);
        Landmarks turned = Upright.Map(point => Vector2.Transform(point, turn));
        SimilarityTransform t = new WuXiangAlignment(96, 112, 40).Transform(turned, 400, 400);
        Close(t.Apply(turned.EyeCenter), 48, 36);
        Close(t.Apply(turned.MouthCenter), 48, 76);
        Close(t.Apply(turned.LeftEye), 48 - (20 * 0.8f), 36);
    }

    [TestCase(40_000, 200, 35_000, 30)]
    [TestCase(40_000, 200, 0, 0)]
    [TestCase(200, 40_000, 20, 39_850)]
    public void ImagesOfMoreThan32767PixelsAcrossAreAligned(int width, int height, int x, int y)
    {
        using Mat image = new(height, width, MatType.CV_8UC3, Scalar.All(0));
        Cv2.Randu(image, Scalar.All(0), Scalar.All(255));
        Cv2.GaussianBlur(image, image, new Size(5, 5), 2);
        Rect around = new Rect(x, y, 150, 150) & new Rect(0, 0, width, height);
        Vector2 shift = new(around.X, around.Y);
        Landmarks inPart = Upright.Map(point => point - new Vector2(20, 20));
        using Mat part = new(image, around);
        using Mat expected = new WuXiangAlignment().Align(part, inPart),
            aligned = new WuXiangAlignment().Align(image, inPart.Map(point => point + shift));
        using Mat inside = new(expected, new Rect(30, 20, 60, 70)), same = new(aligned, new Rect(30, 20, 60, 70));
        Assert.That(Cv2.Norm(inside, same, NormTypes.INF), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void AFaceOfMoreThan32767PixelsIsAnError()
    {
        using Mat image = new(2, 70_000, MatType.CV_8UC3, Scalar.All(9));
        Landmarks huge = new(new(10_000, 0), new(60_000, 0), new(35_000, 20_000), new(15_000, 50_000),
            new(55_000, 50_000));
        Assert.That(() => new WuXiangAlignment().Align(image, huge),
            Throws.TypeOf<FaceAlignmentException>().With.Message.Contain("expected sides of at most 32766"));
    }

    [Test]
    public void TheEyeLineAlignmentCropsWholePixels()
    {
        // e = (100, 80), m = (100, 128): scale 1, and the eyes go to column 64 and row 40: everything moves by (−36,
        // −40).
        Landmarks points = new(new(80, 80), new(120, 80), new(100, 100), new(85, 128), new(115, 128));
        SimilarityTransform t = new WuXiangEyeLineAlignment().Transform(points, 200, 200);
        Close(t, 1.0, 0.0, -36.0, -40.0);
        t = new WuXiangEyeLineAlignment(144, 48, 48).Transform(points, 200, 200);
        Close(t.Apply(points.EyeCenter), 72, 48);
    }

    [TestCase(121, -37)]
    [TestCase(123, -38)]
    public void TheEyeLineAlignmentRoundsHalvesUpAsMatlabDoes(int rightEye, int shift)
    {
        // The middle of the eyes is in column 100.5 or 101.5, which becomes 101 or 102, and goes to column 64.
        Landmarks points = new(new(80, 80), new(rightEye, 80), new(100, 100), new(85, 128), new(115, 128));
        Close(new WuXiangEyeLineAlignment().Transform(points, 200, 200), 1.0, 0.0, shift, -40.0);
    }

    [Test]
    public void ATemplatesOwnPointsStayWhereTheyAre()
    {
        Landmarks arc = new(new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f),
            new(41.5493f, 92.3655f), new(70.7299f, 92.2041f));
        SimilarityTransform t = TemplateAlignment.ArcFace().Transform(arc, 112, 112);
        Close(t, 1.0, 0.0, 0.0, 0.0);
        // SphereFace's numbers are these less 8 columns, and counted from 1.
        t = TemplateAlignment.SphereFace().Transform(arc, 112, 112);
        Close(t, 1.0, 0.0, -9.0, -1.0);
        Assert.That((TemplateAlignment.SphereFace().Width, TemplateAlignment.SphereFace().Height),
            Is.EqualTo((96, 112)));
        t = TemplateAlignment.ArcFace(224, 224).Transform(arc, 112, 112);
        Close(t, 2.0, 0.0, 0.0, 0.0);
    }

    [Test]
    public void TheFitIsTheLeastSquaresOne()
    {
        // By hand: means (1, 1) and (1.5, 2); Σ p·q = 2.5 + 1.5 + 2 + 2 = 8, Σ p_y q_x − p_x q_y = −.5 + .5 = 0, Σ|p|²
        // = 4.
        Vector2[] from = [new(0, 1), new(2, 1), new(1, 0), new(1, 2)],
            to = [new(-1, 2), new(3, 2), new(2, 0), new(2, 4)];
        SimilarityTransform t = SimilarityTransform.Fit(from, to);
        Assert.That((t.A, t.B, t.X, t.Y), Is.EqualTo((2.0, 0.0, -0.5, 0.0)));
        // Any small change makes the sum of squares larger.
        double least = Squares(t);
        foreach ((double a, double b, double x, double y) in ((double, double, double, double)[])[(0.01, 0, 0, 0),
            (0, 0.01, 0, 0), (0, 0, 0.01, 0),
            (0, 0, 0, -0.01), (-0.01, 0, 0, 0)])
            Assert.That(Squares(new SimilarityTransform(t.A + a, t.B + b, t.X + x, t.Y + y)), Is.GreaterThan(least));

        double Squares(SimilarityTransform with) =>
            from.Select((point, i) => (double)Vector2.DistanceSquared(with.Apply(point), to[i])).Sum();
    }

    [Test]
    public void AMirroredFaceIsNotMirroredBack()
    {
        Vector2[] from = [new(0, 0), new(4, 0), new(0, 2)], mirrored = [new(4, 0), new(0, 0), new(4, 2)];
        SimilarityTransform t = SimilarityTransform.Fit(from, mirrored);
        Assert.That((t.A * t.A) + (t.B * t.B), Is.GreaterThan(0), "the determinant is that of a rotation");
        Assert.That(Vector2.Distance(t.Apply(from[0]), mirrored[0]), Is.GreaterThan(0.5f));
    }

    [Test]
    public void PixelsFollowTheTransformAndTheOutsideIsBlack()
    {
        using Mat image = new(200, 200, MatType.CV_8UC3, Scalar.All(0));
        image.Set(60, 90, new Vec3b(250, 200, 100));
        using Mat aligned = new WuXiangAlignment(112, 112, 50).Align(image, Upright);
        // Scale 1: e = (90, 60) goes to (56, 31).
        Assert.That(aligned.At<Vec3b>(31, 56), Is.EqualTo(new Vec3b(250, 200, 100)));
        using Mat white = new(100, 100, MatType.CV_8UC3, Scalar.All(255));
        using Mat outside = new WuXiangAlignment().Align(white, Upright);
        Assert.That((outside.At<Vec3b>(111, 56).Item0, outside.At<Vec3b>(20, 56).Item0),
            Is.EqualTo(((byte)0, (byte)255)));
    }

    [Test]
    public void PointsThatFallTogetherAreRefused()
    {
        Landmarks one = Upright.Map(_ => new Vector2(5, 5)), none = Upright.Map(_ => new Vector2(float.NaN, 1));
        foreach (FaceAlignment alignment in (FaceAlignment[])[new WuXiangAlignment(), new WuXiangEyeLineAlignment(),
            TemplateAlignment.SphereFace(),
            TemplateAlignment.ArcFace()])
            foreach (Landmarks points in (Landmarks[])[one, none])
                Assert.That(() => alignment.Transform(points, 100, 100), Throws.TypeOf<FaceAlignmentException>(),
                    alignment.GetType().Name);
        Assert.That(() => TemplateAlignment.SphereFace(112, 112),
            Throws.InstanceOf<AtlException>().With.Message.Contains("96x112"));
    }

    private static void Close(SimilarityTransform t, double a, double b, double x, double y) =>
        Assert.That(new[] { t.A, t.B, t.X, t.Y }, Is.EqualTo([a, b, x, y]).Within(1e-4));

    private static void Close(Vector2 found, float x, float y) =>
        Assert.That(Vector2.Distance(found, new Vector2(x, y)), Is.LessThan(Tolerance),
            $"found {found}, expected ({x}, {y})");
}
