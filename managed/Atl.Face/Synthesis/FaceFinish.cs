using System.Numerics;
using static Atl.Face.Synthesis.Shaping;

namespace Atl.Face.Synthesis;

/// <summary>Everything about an image that is not the head: what is behind it, what is before it, and the camera's
/// exposure, blur and noise.</summary>
internal sealed class FaceFinish
{
    private const int Size = FaceRenderer.ImageSize, Pixels = Size * Size, ToneSteps = 2048;
    private const float ToneRange = 4f;

    private readonly float[] _plane = new float[Pixels];
    private readonly float[] _rows = new float[Pixels];
    private readonly float[] _tone = new float[ToneSteps + 1];

    /// <summary>Fills the image with the capture's background, linear light.</summary>
    public static void Background(FaceCapture capture, Span<Vector3> pixels)
    {
        (float sin, float cos) = MathF.SinCos(capture.BackgroundTurn);
        float inverse = 1f / capture.BackgroundSize;
        Vector3 a = capture.BackgroundA * capture.BackgroundA, b = capture.BackgroundB * capture.BackgroundB;
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                float along = (x * cos) + (y * sin), across = (y * cos) - (x * sin);
                float t = capture.Background switch
                {
                    0 => (along + Size) / (2f * Size),
                    1 => 0.5f + Noise(along * inverse, across * inverse, capture.Key),
                    2 => Step(-0.15f, 0.15f, MathF.Abs((along * inverse) - MathF.Round(along * inverse)) - 0.25f),
                    _ => 0.5f + Noise(along * inverse * 0.5f, across * inverse * 3f, capture.Key ^ 1u),
                };
                pixels[(y * Size) + x] = Vector3.Lerp(a, b, Math.Clamp(t, 0f, 1f));
            }
        }
    }

    /// <summary>Paints the capture's occluder, if it has one: a soft-edged ellipse at any angle, a hand or a
    /// microphone, say.</summary>
    public static void Occlude(FaceCapture capture, Span<Vector3> pixels)
    {
        Vector4 o = capture.Occluder;
        if (o.Z <= 0f)
            return;
        (float sin, float cos) = MathF.SinCos(capture.OccluderAngle);
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                float dx = x - o.X, dy = y - o.Y;
                float ex = ((dx * cos) + (dy * sin)) / o.Z, ey = ((dy * cos) - (dx * sin)) / o.W;
                float cover = Step(1.05f, 0.92f, (ex * ex) + (ey * ey));
                if (cover > 0f)
                {
                    Vector3 color =
                        capture.OccluderColor * (0.8f + (0.3f * Noise(x * 0.15f, y * 0.15f, capture.Key ^ 2u)));
                    pixels[(y * Size) + x] = Vector3.Lerp(pixels[(y * Size) + x], color, cover);
                }
            }
        }
    }

    /// <summary>Exposes, grades, blurs, adds noise and writes bytes: planes blue, green, red, each row-major.</summary>
    public void Develop(FaceCapture capture, ReadOnlySpan<Vector3> pixels, float luminance, Span<byte> planes)
    {
        // Automatic exposure, which like a camera's goes most of the way to a middle gray face and not all of it.
        float gain = capture.Exposure * MathF.Pow(0.26f / Math.Max(0.02f, luminance), 0.75f);
        float power = capture.Gamma / 2.2f;
        for (int i = 0; i <= ToneSteps; i++)
        {
            float root = (float)i / ToneSteps;
            float linear = ToneRange * root * root;
            _tone[i] = 255f * Math.Min(1f, MathF.Pow(linear * (1f + (linear / 6f)) / (1f + (0.55f * linear)), power));
        }

        var noise = new FaceRandom(capture.PixelSeed, 1, 2);
        for (int channel = 0; channel < 3; channel++)
        {
            for (int i = 0; i < Pixels; i++)
            {
                Vector3 c = pixels[i];
                float own = channel == 0 ? c.Z : (channel == 1 ? c.Y : c.X);
                float grey = (0.2126f * c.X) + (0.7152f * c.Y) + (0.0722f * c.Z);
                float light = Math.Clamp(gain * (own + ((grey - own) * capture.Grey)), 0f, ToneRange);
                _plane[i] = _tone[(int)(MathF.Sqrt(light * (1f / ToneRange)) * ToneSteps)];
            }

            if (capture.Blur > 0.2f)
                Smooth(capture.Blur);
            Span<byte> plane = planes.Slice(channel * Pixels, Pixels);
            for (int i = 0; i < Pixels; i++)
                plane[i] = (byte)Math.Clamp(_plane[i] + (capture.Noise * noise.Normal()) + 0.5f, 0f, 255f);
        }
    }

    // A separable five-tap Gaussian; the edge repeats.
    private void Smooth(float sigma)
    {
        float w1 = Bell(1f, sigma), w2 = Bell(2f, sigma);
        float total = 1f + (2f * (w1 + w2));
        float k0 = 1f / total, k1 = w1 / total, k2 = w2 / total;
        for (int y = 0; y < Size; y++)
        {
            Span<float> from = _plane.AsSpan(y * Size, Size), to = _rows.AsSpan(y * Size, Size);
            for (int x = 2; x < Size - 2; x++)
                to[x] = (k0 * from[x]) + (k1 * (from[x - 1] + from[x + 1])) + (k2 * (from[x - 2] + from[x + 2]));
            for (int edge = 0; edge < 4; edge++)
            {
                int x = edge < 2 ? edge : Size - 4 + edge;
                to[x] = (k0 * from[x]) + (k1 * (from[Math.Max(0, x - 1)] + from[Math.Min(Size - 1, x + 1)]))
                    + (k2 * (from[Math.Max(0, x - 2)] + from[Math.Min(Size - 1, x + 2)]));
            }
        }

        for (int y = 0; y < Size; y++)
        {
            Span<float> to = _plane.AsSpan(y * Size, Size);
            Span<float> r0 = _rows.AsSpan(y * Size, Size);
            Span<float> up1 = Row(y - 1), up2 = Row(y - 2), down1 = Row(y + 1), down2 = Row(y + 2);
            for (int x = 0; x < Size; x++)
                to[x] = (k0 * r0[x]) + (k1 * (up1[x] + down1[x])) + (k2 * (up2[x] + down2[x]));
        }
    }

    private Span<float> Row(int y) => _rows.AsSpan(Math.Clamp(y, 0, Size - 1) * Size, Size);
}
