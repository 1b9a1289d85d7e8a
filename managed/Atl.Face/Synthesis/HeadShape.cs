using System.Numerics;
using static Atl.Face.Synthesis.Shaping;

namespace Atl.Face.Synthesis;

/// <summary>
/// The head of one person as a mesh over <see cref="FaceGrid"/>: an egg whose width and depth follow the person's jaw,
/// cheeks and temples, with nose, sockets, brow ridge, cheekbones, lips, chin, ears and hair raised on it.
/// </summary>
internal sealed class HeadShape
{
    private const int Columns = FaceGrid.MeshColumns, Rows = FaceGrid.MeshRows;

    private readonly FaceIdentity _who;
    private readonly Vector3[] _neutral = new Vector3[Columns * Rows];

    // Where a vertex lies in the face plane before anything is raised or moved: what the expression is a function of.
    private readonly Vector2[] _plane = new Vector2[Columns * Rows];

    /// <summary>Builds the neutral head; hair raises it where <paramref name="skin"/> has hair.</summary>
    public HeadShape(FaceIdentity who, FaceSkin skin)
    {
        _who = who;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                Place(row, column, skin);
        }

        LeftEye = Nearest(-who.EyeOffset, 0f);
        RightEye = Nearest(who.EyeOffset, 0f);
        LeftMouth = Nearest(-who.MouthHalfWidth, -1f);
        RightMouth = Nearest(who.MouthHalfWidth, -1f);
    }

    /// <summary>The vertices of the four landmarks by which a face is aligned.</summary>
    public int LeftEye { get; }

    /// <inheritdoc cref="LeftEye"/>
    public int RightEye { get; }

    /// <inheritdoc cref="LeftEye"/>
    public int LeftMouth { get; }

    /// <inheritdoc cref="LeftEye"/>
    public int RightMouth { get; }

    /// <summary>Half the head's width at the row of a texel, in eye-mouth units.</summary>
    public static float HalfWidth(FaceIdentity who, int row)
    {
        float up = FaceGrid.SinUp[row], y = Height(who, row);
        float round = MathF.Pow(FaceGrid.CosUp[row], up > 0f ? who.TopPower : who.JawPower);
        float w = who.CheekWidth * round;
        w *= 1f + (who.TempleWidth * Bell(y - 0.55f, 0.35f)) + (who.JawWidth * Bell(y + 1.05f, 0.28f))
            + (who.ChinWidth * Bell(y + 1.5f, 0.16f));
        return w;
    }

    /// <summary>y of a row of texels.</summary>
    public static float Height(FaceIdentity who, int row)
    {
        float up = FaceGrid.SinUp[row];
        return up > 0f ? who.CrownY * up : -who.ChinY * up;
    }

    /// <summary>Writes the vertices of the head with the capture's expression.</summary>
    public void Express(FaceCapture capture, Span<Vector3> vertices)
    {
        float smile = capture.Smile, open = capture.Open, mouth = _who.MouthHalfWidth;
        for (int i = 0; i < vertices.Length; i++)
        {
            Vector3 p = _neutral[i];
            Vector2 at = _plane[i];
            if (p.Z > 0f && at.Y < 0.7f)
            {
                float side = MathF.CopySign(1f, at.X), ax = MathF.Abs(at.X);
                float corner = Bell(ax - mouth, 0.16f, at.Y + 1f, 0.16f);
                p.X += side * 0.05f * smile * corner;
                p.Y += 0.035f * smile * corner;
                p.Z += smile * ((0.055f * Bell(ax - 0.55f, 0.17f, at.Y + 0.55f, 0.18f)) - (0.05f * corner));
                p.Z -= 0.05f * smile * Bell(ax - mouth - 0.13f, 0.05f, at.Y + 0.95f, 0.2f);
                p.Y -= open * 0.17f * Step(-1.0f, -1.18f, at.Y);
                p.Y += capture.BrowRaise * 0.03f * Bell(ax - 0.45f, 0.3f, at.Y - _who.BrowY, 0.12f);
            }

            vertices[i] = p;
        }
    }

    private void Place(int row, int column, FaceSkin skin)
    {
        int tr = row * FaceGrid.Stride, tc = column * FaceGrid.Stride;
        float sin = FaceGrid.Sin[tc], cos = FaceGrid.Cos[tc];
        float y = Height(_who, tr), width = HalfWidth(_who, tr);
        float x = width * sin;
        float depth = _who.Depth * MathF.Pow(FaceGrid.CosUp[tr], FaceGrid.SinUp[tr] > 0f ? 0.5f : 0.36f);
        float z = depth * MathF.CopySign(MathF.Pow(MathF.Abs(cos), _who.FaceFlatness), cos);

        // Raised features stand to the front and fade out round the side of the head.
        float front = Step(0.05f, 0.45f, cos);
        float relief = front > 0f ? front * Relief(x, y) : 0f;
        float ear = _who.EarSize * Bell(cos + 0.02f, 0.09f, y + 0.18f, 0.2f) * (1f - skin.HairAt(tr, tc));
        float hair = skin.HairBodyAt(tr, tc) * _who.HairVolume;
        float grow = 1f + ((hair + ear) / Math.Max(0.4f, width));

        int i = (row * Columns) + column;
        _plane[i] = new Vector2(x, y);
        _neutral[i] = new Vector3((x * grow) + (_who.Asymmetry * y * front), y + (0.4f * hair),
            (z * (1f + (0.7f * (grow - 1f)))) + relief);
    }

    /// <summary>The height of the face above the egg at a point of the face plane.</summary>
    private float Relief(float x, float y)
    {
        float ax = MathF.Abs(x);
        float z = Nose(x, y);
        z -= _who.ForeheadSlope * Step(0.35f, 1.1f, y);
        z += _who.BrowRidge * Bell(ax - 0.42f, 0.28f, y - 0.26f, 0.09f);
        z -= _who.SocketDepth * Bell(ax - _who.EyeOffset, 0.22f, y - 0.02f, 0.14f);
        z -= 0.06f * Bell(ax - 0.16f, 0.09f, y - 0.05f, 0.13f);
        z += 0.065f * Bell(ax - _who.EyeOffset, 0.13f, y, 0.09f);
        z += _who.CheekBone * Bell(ax - 0.64f, 0.2f, y - _who.CheekBoneY, 0.14f);
        z += _who.CheekFullness * Bell(ax - 0.55f, 0.22f, y + 0.85f, 0.28f);
        z -= 0.03f * _who.Age * Bell(ax - 0.36f - (0.25f * (-0.6f - y)), 0.06f, y + 0.8f, 0.22f);
        z -= 0.09f * Bell(x, 0.5f, y + 0.78f, 0.16f);
        float mouth = _who.MouthHalfWidth * 0.62f;
        z += _who.LipForward * ((1.1f * Bell(x, mouth, y + 0.945f, 0.05f))
            + (1.0f * Bell(x, mouth * 0.9f, y + 1.075f, 0.06f)));
        z -= 0.035f * Bell(x, mouth * 1.3f, y + 1f, 0.028f);
        z -= 0.02f * _who.Philtrum * Bell(x, 0.035f, y + 0.83f, 0.07f);
        z -= 0.07f * Bell(x, 0.26f, y + 1.24f, 0.07f);
        z += (0.06f + _who.ChinForward) * Bell(x, 0.24f, y - _who.ChinY - 0.22f, 0.16f);
        return z;
    }

    private float Nose(float x, float y)
    {
        const float root = 0.10f;
        float tip = _who.NoseTipY;
        float s = Math.Clamp((root - y) / (root - tip), 0f, 1f);
        float centre = x - (_who.NoseBend * s);
        float height = Mix(_who.BridgeHeight, _who.NoseTip, s * MathF.Sqrt(s))
            + (_who.NoseBump * Bell(s - 0.45f, 0.16f));
        height *= Step(root + 0.28f, root - 0.06f, y) * Step(tip - 0.17f, tip - 0.01f, y);
        float width = Mix(_who.BridgeWidth, _who.NoseTipWidth, s * s);
        float z = height * Bell(centre, width);
        return z + (_who.WingHeight * Bell(MathF.Abs(centre) - _who.WingOffset, 0.065f, y - tip + 0.05f, 0.075f));
    }

    private int Nearest(float x, float y)
    {
        int best = 0;
        float least = float.MaxValue;
        for (int i = 0; i < _plane.Length; i++)
        {
            float distance = _neutral[i].Z > 0f ? Vector2.DistanceSquared(_plane[i], new Vector2(x, y))
                : float.MaxValue;
            if (distance < least)
                (best, least) = (i, distance);
        }

        return best;
    }
}
