using System.Numerics;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Faces;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Alignment;

/// <summary>Points that are no face of their image are refused in every mode, and real ones in none.</summary>
public class FacePlausibilityTests
{
    private const int Side = 400;

    private static readonly Landmarks Good = new(new(113.4f, 48), new(141.1f, 52.1f), new(127.8f, 65.4f),
        new(108.3f, 76.6f), new(137.2f, 81));

    private static readonly FaceAlignment[] Modes =
        [new WuXiangAlignment(), new WuXiangEyeLineAlignment(), TemplateAlignment.SphereFace(),
            TemplateAlignment.ArcFace()];

    // Eyes, nose and mouth corners of heads in no unit: x right, y down, z to the camera.
    private static readonly Vector3[][] Heads =
    [
        [new(-155, -170, -125), new(155, -170, -125), default, new(-130, 150, -125), new(130, 150, -125)],
        [new(-155, -170, -190), new(155, -170, -190), default, new(-130, 150, -190), new(130, 150, -190)],
        [new(-175, -150, -125), new(175, -150, -125), default, new(-140, 140, -125), new(140, 140, -125)],
    ];

    private static IEnumerable<TestCaseData> NoFaces()
    {
        Vector2[] p = Good.Points;
        yield return Case("outside", Good.Map(point => point + new Vector2(5000, 5000)),
            "0 of the five landmarks are inside the image of 400x400 pixels");
        yield return Case("left of it", Good.Map(point => point - new Vector2(145, 0)),
            "of the five landmarks are inside the image");
        yield return Case("of an image four times as large", Good.Map(point => point * 4),
            "of the five landmarks are inside the image");
        yield return Case("planar", Planar(Good), "only in the order x1 … x5 y1 … y5");
        yield return Case("planar, high in the image", Planar(Good.Map(point => point + new Vector2(200, 0))),
            "only in the order x1 … x5 y1 … y5");
        yield return Case("planar, low in the image", Planar(Good.Map(point => point + new Vector2(-90, 250))),
            "only in the order x1 … x5 y1 … y5");
        yield return Case("swapped", new Landmarks(p[1], p[0], p[2], p[4], p[3]), "left and right are swapped");
        yield return Case("rows before columns", Good.Map(point => new Vector2(point.Y, point.X)),
            "left and right are swapped");
        yield return Case("rows from below", Good.Map(point => new Vector2(point.X, Side - point.Y)),
            "the mouth is above the eyes");
        yield return Case("on its head", Good.Map(point => new Vector2(Side - point.X, Side - point.Y)),
            "the mouth is above the eyes");
        yield return Case("mouth first", new Landmarks(p[3], p[4], p[2], p[0], p[1]), "the mouth is above the eyes");
        yield return Case("mouth swapped", new Landmarks(p[0], p[1], p[2], p[4], p[3]),
            "left and right of the mouth are swapped");
        yield return Case("eyes swapped", new Landmarks(p[1], p[0], p[2], p[3], p[4]),
            "left and right of the eyes are swapped");
        yield return Case("fractions of the image's size", Good.Map(point => point / Side),
            "eyes and mouth are 0.07 pixels apart");
        yield return Case("a face within a pixel", Good.Map(point => new Vector2(100) + (point / 50)),
            "eyes and mouth are 0.58 pixels apart");
        yield return Case("an eye far outside", Good with { LeftEye = new Vector2(-5e9f, 48) },
            "far outside of the image of 400x400 pixels");
        yield return Case("three landmarks far outside",
            new Landmarks(new(-5e9f, 40), new(-5e9f, 90), new(-5e9f, 70), new(30, 30), new(30, 90)),
            "a landmark is at -5E+09, 40, far outside of the image of 400x400 pixels, expected all five within 400 "
                + "pixels of it");
        yield return Case("nose in a corner", Good with { Nose = new Vector2(390, 5) }, "have not the shape of a face");

        static TestCaseData Case(string name, Landmarks points, string message) =>
            new TestCaseData(points, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(NoFaces))]
    public void PointsThatAreNoFaceAreRefusedInEveryMode(Landmarks points, string message)
    {
        using Mat image = new(Side, Side, MatType.CV_8UC3, Scalar.All(200));
        foreach (FaceAlignment mode in Modes)
        {
            using Mat good = mode.Align(image, Good);
            Assert.That(() => mode.Align(image, points).Dispose(),
                Throws.TypeOf<FaceAlignmentException>().With.Message.Contains(message)
                .Or.TypeOf<FaceAlignmentException>().With.Message.EqualTo("the mouth is not below the eyes"),
                    mode.Description);
        }
    }

    [Test]
    public void HeadsThatTurnNodAndRollAreFaces([Values(0, 1, 2)] int head, [Values(0, 1500)] int distance)
    {
        int faces = 0;
        for (int yaw = -90; yaw <= 90; yaw += 10)
            for (int pitch = -40; pitch <= 40; pitch += 10)
                for (int roll = -110; roll <= 110; roll += 10)
                {
                    Landmarks points = Photograph(Heads[head], yaw, pitch, roll, distance);
                    Assert.That(FacePlausibility.Fault(points, 1000, 1000), Is.Null,
                        $"yaw {yaw}, pitch {pitch}, roll {roll}");
                    faces++;
                }
        Assert.That(faces, Is.EqualTo(19 * 9 * 23));
    }

    [Test]
    public void FacesOfPhotographsAreFacesHoweverTheyAreTurned()
    {
        string models = TestData.Require("weights", "mtcnn"), photos = TestData.Require("faces", "photos");
        using FaceDetectorModel model =
            FaceDetectorModel.TryLoad(models, new MtcnnOptions { OutputThreshold = 0.7f })!;
        using IFaceDetector detector = model.CreateDetector();
        int faces = 0;
        foreach (string file in Directory.GetFiles(photos, "*.jpg"))
        {
            using Mat photo = Cv2.ImRead(file);
            foreach (double angle in (double[])[0, -40, -20, 20, 40])
            {
                using Mat turn = Cv2.GetRotationMatrix2D(new Point2f(photo.Cols / 2f, photo.Rows / 2f), angle, 1);
                using Mat turned = photo.WarpAffine(turn, photo.Size());
                foreach (DetectedFace face in detector.Detect([turned])[0])
                {
                    Assert.That(FacePlausibility.Fault(face.Landmarks, photo.Cols, photo.Rows), Is.Null,
                        $"{file} turned by {angle}: {face}");
                    faces++;
                }
            }
        }
        Assert.That(faces, Is.GreaterThan(20));
    }

    [Test]
    public void AFaceThatTheImageCutsOffIsAFace() =>
        Assert.That(FacePlausibility.Fault(Good.Map(point => point - new Vector2(125, 0)), Side, Side), Is.Null);

    private static Landmarks Planar(Landmarks points)
    {
        float[] planar = [.. points.Points.Select(point => point.X), .. points.Points.Select(point => point.Y)];
        return Landmarks.FromNumbers(planar);
    }

    private static Landmarks Photograph(Vector3[] head, double yaw, double pitch, double roll, double distance)
    {
        const float Degree = MathF.PI / 180;
        Matrix4x4 pose = Matrix4x4.CreateRotationY((float)yaw * Degree) * Matrix4x4.CreateRotationX(
            (float)pitch * Degree)
            * Matrix4x4.CreateRotationZ((float)roll * Degree);
        float[] numbers = [.. head.Select(point => Vector3.Transform(point, pose)).SelectMany(point =>
        {
            float nearer = distance > 0 ? (float)(distance / (distance - point.Z)) : 1;
            return (float[])[500 + (point.X * nearer), 500 + (point.Y * nearer)];
        })];
        return Landmarks.FromNumbers(numbers);
    }
}
