using System.Numerics;
using static Atl.Face.Synthesis.Shaping;

namespace Atl.Face.Synthesis;

/// <summary>Paints over the albedo of one texel, given where it lies in the face plane.</summary>
internal interface IFacePaint
{
    /// <summary>Changes <paramref name="color"/> at (x, y).</summary>
    void Apply(float x, float y, ref Vector3 color);
}

/// <summary>Lids, white, iris, pupil and lashes of one eye.</summary>
internal readonly struct EyePaint(FaceIdentity who, FaceCapture capture, int side) : IFacePaint
{
    private readonly float _open = who.EyeOpening * capture.EyeOpenness * (1f - (0.18f * Math.Max(0f, capture.Smile)));
    private readonly Vector2 _iris = capture.Gaze + new Vector2(0f, 0.012f);

    public void Apply(float x, float y, ref Vector3 color)
    {
        // Eye coordinates: outwards from the nose, tilted by the slant of the eye.
        float ex = (x - (side * who.EyeOffset)) * side, ey = y - (who.EyeTilt * ex);
        float a = ex / who.EyeHalfWidth;
        float inside = Math.Max(0f, 1f - (a * a));
        float arch = MathF.Sqrt(inside) * (0.55f + (0.45f * inside)) * (1f - (who.EyePeak * 0.35f * a));
        float upper = _open * 1.05f * arch, lower = -_open * 0.78f * inside;
        float crease = upper + who.LidCrease - (0.02f * a * a);
        float near = Step(1.35f, 0.95f, MathF.Abs(a));

        color *= 1f - (0.38f * near * Bell(ey - crease, 0.014f)) - (0.25f * near * Bell(ey - lower + 0.012f, 0.016f));
        float opening = MathF.Abs(a) < 1f ? Step(-0.008f, 0.010f, upper - ey) * Step(-0.008f, 0.010f, ey - lower) : 0f;
        if (opening > 0f)
            color = Vector3.Lerp(color, Ball(ex - (_iris.X * side), ey - _iris.Y, a, upper - ey), opening);
        float lash = 0.85f * near * Bell(ey - upper - 0.006f, 0.015f + (0.006f * Math.Clamp(a, 0f, 1f)));
        color *= 1f - Math.Min(0.92f, lash);
    }

    private Vector3 Ball(float ix, float iy, float a, float underLid)
    {
        float r = MathF.Sqrt((ix * ix) + (iy * iy));
        var white = new Vector3(0.62f, 0.58f, 0.56f) * (1f - (0.25f * a * a));
        float ring = Step(who.IrisRadius + 0.008f, who.IrisRadius - 0.012f, r);
        Vector3 iris = who.IrisColor * (0.75f + (0.5f * Step(0.03f, 0.09f, r))
            - (0.6f * Step(who.IrisRadius - 0.022f, who.IrisRadius, r)));
        Vector3 ball = Vector3.Lerp(white, iris, ring) * (1f - (0.96f * Step(0.044f, 0.032f, r)));
        ball *= 0.5f + (0.5f * Step(0f, 0.05f, underLid));
        float glint = Bell(ix + (0.03f * side), 0.014f, iy - 0.03f, 0.014f);
        return ball + new Vector3(0.8f * glint);
    }
}

/// <summary>One eyebrow.</summary>
internal readonly struct BrowPaint(FaceIdentity who, FaceCapture capture, int side) : IFacePaint
{
    private readonly float _y = who.BrowY + (0.05f * capture.BrowRaise);

    public void Apply(float x, float y, ref Vector3 color)
    {
        float bx = (x - (side * who.BrowOffset)) * side;
        float a = bx / who.BrowHalfLength;
        if (MathF.Abs(a) > 1.25f)
            return;
        float middle = _y + (who.BrowTilt * bx) + (who.BrowArch * (1f - ((a - 0.25f) * (a - 0.25f) * 1.3f)));
        float thick = who.BrowThickness * (0.55f + (0.45f * Step(1.0f, -0.3f, a)));
        float cover = Step(thick * 1.25f, thick * 0.45f, MathF.Abs(y - middle)) * Step(1.12f, 0.8f, a) * Step(-1.08f,
            -0.85f, a);
        cover *= who.BrowDensity * (0.8f + (0.35f * Noise((bx * 30f) + (y * 18f), y * 9f, who.Key ^ 21u)));
        color = Vector3.Lerp(color, who.HairColor * 0.75f, Math.Clamp(cover, 0f, 0.95f));
    }
}

/// <summary>Lips, the line between them, and what an open mouth shows.</summary>
internal readonly struct MouthPaint(FaceIdentity who, FaceCapture capture) : IFacePaint
{
    private readonly float _halfWidth = who.MouthHalfWidth * (1f + (0.13f * capture.Smile));
    private readonly float _curve = who.MouthCurve + (0.085f * capture.Smile);
    private readonly float _gap = 0.13f * Math.Min(1.2f, capture.Open);

    public void Apply(float x, float y, ref Vector3 color)
    {
        float a = x / _halfWidth, a2 = a * a;
        float line = -1f + (_curve * Math.Min(a2, 1.4f)) - (0.02f * _curve);
        float inside = Math.Max(0f, 1f - a2);
        float gap = _gap * MathF.Sqrt(inside);
        float top = line + (0.35f * gap), bottom = line - (0.65f * gap);
        float thin = 1f - (0.25f * Math.Max(0f, capture.Smile));
        float bow = 1f - (who.CupidBow * Bell(a, 0.13f)) + (0.25f * Bell(MathF.Abs(a) - 0.28f, 0.16f));
        float upperEdge = top + (who.UpperLip * thin * MathF.Sqrt(inside) * inside * bow);
        float lowerEdge = bottom - (who.LowerLip * thin * MathF.Sqrt(inside) * (0.4f + (0.6f * inside)));

        float lip = inside > 0f ? Step(-0.014f, 0.014f, upperEdge - y) * Step(-0.018f, 0.018f, y - lowerEdge) : 0f;
        float shade = y > line ? 0.82f : 1.02f + (0.12f * Bell(y - lowerEdge - 0.05f, 0.03f));
        color = Vector3.Lerp(color, who.LipColor * shade, 0.9f * lip);
        color *= 1f - (0.2f * Step(1.3f, 0.6f, MathF.Abs(a)) * Bell(y - lowerEdge + 0.05f, 0.035f));

        float mouth = inside > 0f
            ? Step(-0.008f, 0.010f, top - y) * Step(-0.008f, 0.010f, y - bottom) * Step(0f, 0.03f, gap) : 0f;
        if (mouth > 0f)
        {
            float teeth = Step(0.004f, 0.02f, top - y) * Step(0.075f, 0.05f, top - y) * Step(0.8f, 0.6f, MathF.Abs(a));
            color = Vector3.Lerp(color,
                Vector3.Lerp(new Vector3(0.05f, 0.015f, 0.015f), new Vector3(0.6f, 0.57f, 0.5f), teeth), mouth);
        }

        float seam = 0.62f * Step(1.12f, 0.85f, MathF.Abs(a)) * Bell(y - line, 0.013f) * (1f - Math.Min(1f, 12f * gap));
        float corner = 0.35f * Bell(MathF.Abs(a) - 1f, 0.09f, y - line, 0.03f);
        color *= 1f - Math.Min(0.9f, seam + corner);
    }
}

/// <summary>The frame of a pair of glasses and a faint tint of its lenses.</summary>
internal readonly struct GlassesPaint(FaceIdentity who, FaceCapture capture) : IFacePaint
{
    public void Apply(float x, float y, ref Vector3 color)
    {
        float ax = MathF.Abs(x), rx = 0.33f, ry = 0.22f + (0.08f * capture.GlassesShape);
        float power = 2f + (4f * capture.GlassesShape);
        float dx = MathF.Abs(ax - who.EyeOffset) / rx, dy = MathF.Abs(y + 0.05f) / ry;
        float r = MathF.Pow(MathF.Pow(dx, power) + MathF.Pow(dy, power), 1f / power);
        float frame = Bell(r - 1f, 0.07f);
        frame = Math.Max(frame, ax < who.EyeOffset - rx ? Bell(y - 0.03f, 0.025f) : 0f);
        frame = Math.Max(frame, ax > who.EyeOffset + rx ? Bell(y - 0.03f, 0.028f) : 0f);
        color = Vector3.Lerp(color, capture.OccluderColor * 0.3f, Math.Min(1f, frame) * capture.Glasses);
        if (r < 1f)
            color *= 0.93f;
    }
}
