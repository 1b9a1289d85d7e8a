using System.Numerics;

namespace Atl.Face.Synthesis;

/// <summary>
/// Turns the head, sees it in perspective and aligns it as real images are aligned (eye center over mouth center, 40
/// rows apart, see docs/demo-faces.md), with the error that a landmark detector makes.
/// </summary>
internal readonly struct FaceCamera
{
    private const float EyeToMouthRows = 40f;

    // The head turns about a point behind the nose, between eyes and mouth.
    private static readonly Vector3 Pivot = new(0f, -0.4f, 0f);

    private readonly Matrix4x4 _turn;
    private readonly float _distance, _a, _b, _x, _y;

    /// <summary>The camera of a capture, for landmarks (left and right eye, left and right mouth corner) of the head as
    /// expressed.</summary>
    public FaceCamera(FaceCapture capture, Vector3 leftEye, Vector3 rightEye, Vector3 leftMouth, Vector3 rightMouth)
    {
        _turn = Matrix4x4.CreateRotationY(capture.Yaw) * Matrix4x4.CreateRotationX(-capture.Pitch);
        _distance = capture.Distance;
        Vector2 eyes = 0.5f * (Flat(Turn(leftEye)) + Flat(Turn(rightEye)));
        Vector2 mouth = 0.5f * (Flat(Turn(leftMouth)) + Flat(Turn(rightMouth)));
        Vector2 down = mouth - eyes, centre = 0.5f * (eyes + mouth);
        float length = Math.Max(0.2f, down.Length());
        float scale = EyeToMouthRows / length * capture.Scale;
        (float sin, float cos) = MathF.SinCos(capture.Roll);
        float upright = scale * down.Y / length, lean = -scale * down.X / length;
        _a = (upright * cos) - (lean * sin);
        _b = (upright * sin) + (lean * cos);
        _x = (FaceRenderer.ImageSize / 2f) - (_a * centre.X) - (_b * centre.Y) + capture.Shift.X;
        _y = (FaceRenderer.ImageSize / 2f) + (_b * centre.X) - (_a * centre.Y) + capture.Shift.Y;
    }

    /// <summary>A normal as the head is turned.</summary>
    public Vector3 TurnNormal(Vector3 normal) => Vector3.TransformNormal(normal, _turn);

    /// <summary>Places a point of the head (or, with <paramref name="follow"/> below 1, of what turns less than the
    /// head) on the canvas.</summary>
    public void Project(Vector3 point, float follow, ref CanvasVertex vertex)
    {
        Vector3 turned = Turn(point);
        if (follow < 1f)
            turned = Vector3.Lerp(point - Pivot, turned, follow);
        Vector2 p = Flat(turned);
        float x = (_a * p.X) + (_b * p.Y) + _x, y = (-_b * p.X) + (_a * p.Y) + _y;
        // Pixel centers lie at whole numbers, and two samples lie a quarter pixel to either side of each.
        vertex.X = (2f * x) + 0.5f;
        vertex.Y = (2f * y) + 0.5f;
        vertex.Near = turned.Z;
    }

    private Vector3 Turn(Vector3 point) => Vector3.TransformNormal(point - Pivot, _turn);

    // Perspective, and y turned to point down as rows do.
    private Vector2 Flat(Vector3 p)
    {
        float perspective = _distance / (_distance - p.Z);
        return new Vector2(p.X * perspective, -p.Y * perspective);
    }
}
