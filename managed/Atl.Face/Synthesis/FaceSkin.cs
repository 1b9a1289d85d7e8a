using System.Numerics;
using static Atl.Face.Synthesis.Shaping;

namespace Atl.Face.Synthesis;

/// <summary>
/// The albedo of one person over <see cref="FaceGrid"/>, in linear light. What never changes (skin tone, blotches,
/// freckles and moles, nostrils, beard, hair) is painted once; eyes, brows and mouth follow the expression and are
/// painted for each image.
/// </summary>
internal sealed class FaceSkin
{
    private const int Columns = FaceGrid.Columns, Rows = FaceGrid.Rows;

    private readonly FaceIdentity _who;
    private readonly Vector3[] _albedo = new Vector3[Columns * Rows];
    private readonly float[] _hair = new float[Columns * Rows];
    private readonly float[] _hairBody = new float[Columns * Rows];
    private readonly float[] _y = new float[Rows];
    private readonly float[] _halfWidth = new float[Rows];

    /// <summary>Paints the lasting part.</summary>
    public FaceSkin(FaceIdentity who)
    {
        _who = who;
        for (int row = 0; row < Rows; row++)
        {
            _y[row] = HeadShape.Height(who, row);
            _halfWidth[row] = HeadShape.HalfWidth(who, row);
        }

        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                PaintTexel(row, column);
        }

        foreach (Vector3 spot in who.Spots)
            PaintSpot(spot);
    }

    /// <summary>The fraction of a texel that is head hair, 0…1.</summary>
    public float HairAt(int row, int column) => _hair[(row * Columns) + column];

    /// <summary>The height of the hair there, 0…1: without strands, and rising gently from the hairline.</summary>
    public float HairBodyAt(int row, int column) => _hairBody[(row * Columns) + column];

    /// <summary>The full albedo with the capture's expression.</summary>
    public void Paint(FaceCapture capture, Span<Vector3> albedo)
    {
        _albedo.CopyTo(albedo);
        float browY = _who.BrowY + (0.05f * capture.BrowRaise);
        for (int side = -1; side <= 1; side += 2)
        {
            PaintWindow(albedo, side * _who.EyeOffset, 0f, 0.38f, 0.27f, new EyePaint(_who, capture, side));
            PaintWindow(albedo, side * _who.BrowOffset, browY, 0.42f, 0.24f, new BrowPaint(_who, capture, side));
        }

        PaintWindow(albedo, 0f, -1.02f, 0.62f, 0.45f, new MouthPaint(_who, capture));
        if (capture.Glasses > 0f)
            PaintWindow(albedo, 0f, -0.04f, 1.1f, 0.5f, new GlassesPaint(_who, capture));
    }

    private void PaintWindow<T>(Span<Vector3> albedo, float x, float y, float halfWidth, float halfHeight, T paint)
        where T : struct, IFacePaint
    {
        for (int row = 0; row < Rows; row++)
        {
            float ty = _y[row], width = _halfWidth[row];
            if (MathF.Abs(ty - y) > halfHeight)
                continue;
            for (int column = 0; column < Columns; column++)
            {
                float tx = width * FaceGrid.Sin[column];
                if (FaceGrid.Cos[column] > 0f && MathF.Abs(tx - x) < halfWidth)
                    paint.Apply(tx, ty, ref albedo[(row * Columns) + column]);
            }
        }
    }

    private void PaintTexel(int row, int column)
    {
        int i = (row * Columns) + column;
        float y = _y[row], sin = FaceGrid.Sin[column], cos = FaceGrid.Cos[column];
        float x = _halfWidth[row] * sin;
        float line = HairLine(sin, cos);
        _hair[i] = Step(line - 0.05f, line + 0.07f, y + (0.03f * Noise(sin * 40f, y * 6f, _who.Key ^ 6u)));
        _hairBody[i] = Step(line - 0.02f, line + 0.22f, y);
        _albedo[i] = Vector3.Lerp(SkinColor(x, y, cos), HairColor(column, y), _hair[i]);
    }

    private Vector3 SkinColor(float x, float y, float cos)
    {
        float ax = MathF.Abs(x);
        float tone = 1f + (_who.Blotch * Noise2(x * 5f, y * 5f, _who.Key))
            + (0.05f * Noise(x * 24f, y * 24f, _who.Key ^ 7u));
        float flush = _who.Flush * (Bell(ax - 0.6f, 0.2f, y + 0.5f, 0.22f)
            + (0.7f * Bell(x, 0.14f, y - _who.NoseTipY, 0.12f)));
        if (cos > 0f)
        {
            // Folds and hollows that stay darker than direct light alone would leave them.
            tone *= 1f - (0.30f * Bell(ax - 0.14f, 0.08f, y - 0.06f, 0.10f))
                - (0.16f * Bell(ax - _who.EyeOffset, 0.26f, y - 0.1f, 0.1f));
            tone *= 1f - (_who.EyeBag * Bell(ax - _who.EyeOffset + 0.04f, 0.17f, y + 0.17f, 0.06f));
            tone *= 1f - (0.55f * Bell(ax - (_who.WingOffset * 0.55f), 0.055f, y - _who.NoseTipY + 0.105f, 0.028f));
            tone *= 1f - (0.25f * Bell(ax - _who.WingOffset - 0.07f, 0.03f, y - _who.NoseTipY + 0.06f, 0.07f));
            float fold = 0.27f + (0.30f * (_who.NoseTipY - y));
            tone *= 1f - ((0.06f + (0.26f * _who.Age)) * Bell(ax - fold, 0.035f) * Step(-1.12f, -0.9f, y)
                * Step(_who.NoseTipY + 0.05f, _who.NoseTipY - 0.12f, y));
            tone *= 1f - (0.14f * Bell(x, 0.2f, y + 1.25f, 0.05f))
                - (0.10f * _who.Philtrum * Bell(x, 0.03f, y + 0.82f, 0.06f));
            float wave = y + (0.02f * Noise(x * 3f, 1f, _who.Key ^ 3u));
            float lines = Bell(wave - 0.55f, 0.014f) + Bell(wave - 0.68f, 0.014f) + Bell(wave - 0.8f, 0.012f);
            tone *= 1f - (0.22f * Math.Max(0f, _who.Age - 0.4f) * lines * Step(0.7f, 0.4f, ax));
        }

        Vector3 color = _who.Skin * tone * new Vector3(1f + (0.3f * flush), 1f - flush, 1f - flush);
        float beard = BeardMask(ax, y);
        if (beard > 0f)
        {
            beard *= 0.75f + (0.25f * Noise(x * 30f, y * 22f, _who.Key ^ 11u));
            color = Vector3.Lerp(color, (_who.HairColor * 0.8f) + (0.05f * _who.Skin), Math.Clamp(beard, 0f, 0.93f));
        }

        return color;
    }

    private float BeardMask(float ax, float y)
    {
        float edge = _who.BeardTop - (0.42f * Step(0.95f, 0.35f, ax));
        float chin = _who.Beard * Step(edge + 0.08f, edge - 0.16f,
            y) * (1f - (0.9f * Bell(ax, 0.30f, y + 1.0f, 0.13f)));
        float lip = _who.Moustache * Step(0.46f, 0.32f, ax) * Bell(y + 0.82f + (0.12f * ax), 0.075f);
        return Math.Max(chin, lip);
    }

    private float HairLine(float sin, float cos)
    {
        float s = MathF.Abs(sin);
        float line = _who.HairlineY + (_who.HairTemple * Bell(s - 0.55f, 0.2f)) - (0.22f * s * s);
        float drape = _who.Fringe * Step(0.95f, 0.3f, MathF.Abs(sin - (_who.HairPart * 0.5f)));
        line -= drape + (0.06f * Noise(sin * 7f, 3f, _who.Key ^ 5u));
        float side = cos < 0f ? 1f : Step(0.84f, 0.955f, s);
        return Mix(line, _who.SideHairY, side);
    }

    private Vector3 HairColor(int column, float y)
    {
        float sway = (0.25f * column) + (3f * Noise(column * 0.05f, y * 1.5f, _who.Key ^ 8u));
        float strand = Noise2(sway * 1.6f, y * 2.2f, _who.Key ^ 9u);
        float parting = 1f - (0.5f * Bell(FaceGrid.Sin[column] - _who.HairPart, 0.03f) * Step(0.8f, 1.1f, y));
        return _who.HairColor * ((1f + (_who.HairStreak * 1.6f * strand)) * parting);
    }

    private void PaintSpot(Vector3 spot)
    {
        float dark = spot.Z > 0.026f ? 0.72f : 0.30f;
        for (int row = 0; row < Rows; row++)
        {
            if (MathF.Abs(_y[row] - spot.Y) > 3f * spot.Z)
                continue;
            for (int column = 0; column < Columns; column++)
            {
                float x = _halfWidth[row] * FaceGrid.Sin[column];
                if (FaceGrid.Cos[column] <= 0f || MathF.Abs(x - spot.X) > 3f * spot.Z)
                    continue;
                float cover = dark * Bell(x - spot.X, spot.Z, _y[row] - spot.Y, spot.Z) * (1f - HairAt(row, column));
                _albedo[(row * Columns) + column] *= new Vector3(1f - (0.8f * cover), 1f - cover, 1f - cover);
            }
        }
    }
}
