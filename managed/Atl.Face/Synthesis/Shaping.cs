using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atl.Face.Synthesis;

/// <summary>The few scalar functions from which faces are modelled. They cost a few nanoseconds each.</summary>
internal static class Shaping
{
    /// <summary>exp(−t) for t ≥ 0, to about 2e-5 relative; 0 beyond 20.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Decay(float t)
    {
        if (t > 20f)
            return 0f;
        // exp(−t) = (exp(−t/64))^64, the inner one by its Taylor polynomial (t/64 < 0.32).
        float x = t * (-1f / 64f);
        float e = 1f + (x * (1f + (x * (0.5f + (x * ((1f / 6f) + (x * ((1f / 24f) + (x * (1f / 120f))))))))));
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        return e * e;
    }

    /// <summary>The bell exp(−(d/width)²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Bell(float distance, float width)
    {
        float r = distance / width;
        return Decay(0.5f * r * r);
    }

    /// <summary>The bell over two axes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Bell(float dx, float width, float dy, float height)
    {
        float rx = dx / width, ry = dy / height;
        return Decay(0.5f * ((rx * rx) + (ry * ry)));
    }

    /// <summary>0 below <paramref name="low"/>, 1 above <paramref name="high"/>, 3t² − 2t³ between. low may exceed high
    /// (falling).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Step(float low, float high, float value)
    {
        float t = Math.Clamp((value - low) / (high - low), 0f, 1f);
        return t * t * (3f - (2f * t));
    }

    /// <summary>a + (b − a)·t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Mix(float a, float b, float t) => a + ((b - a) * t);

    /// <summary>
    /// Value noise on the integer lattice with smooth interpolation, in [−1, 1], mean about zero.
    /// <paramref name="key"/> chooses the field.
    /// </summary>
    public static float Noise(float x, float y, uint key)
    {
        int ix = (int)MathF.Floor(x), iy = (int)MathF.Floor(y);
        float fx = x - ix, fy = y - iy;
        fx = fx * fx * (3f - (2f * fx));
        fy = fy * fy * (3f - (2f * fy));
        float top = Mix(Lattice(ix, iy, key), Lattice(ix + 1, iy, key), fx);
        float bottom = Mix(Lattice(ix, iy + 1, key), Lattice(ix + 1, iy + 1, key), fx);
        return Mix(top, bottom, fy);
    }

    /// <summary>Two octaves of <see cref="Noise"/>.</summary>
    public static float Noise2(float x, float y, uint key)
        => (0.65f * Noise(x, y, key)) + (0.35f * Noise((2.03f * x) + 17.3f, (2.03f * y) - 5.1f, key ^ 0x5bd1_e995u));

    /// <summary>The linear-light color of an sRGB-like byte triple, by the plain 2.2 power.</summary>
    public static Vector3 Linear(float red, float green, float blue)
        => new(MathF.Pow(red / 255f, 2.2f), MathF.Pow(green / 255f, 2.2f), MathF.Pow(blue / 255f, 2.2f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Lattice(int x, int y, uint key)
    {
        uint h = ((uint)x * 0x8da6_b343u) ^ ((uint)y * 0xd816_3841u) ^ (key * 0xcb1a_b31fu);
        h = (h ^ (h >> 15)) * 0x2c1b_3c6du;
        h = (h ^ (h >> 12)) * 0x297a_2d39u;
        h ^= h >> 15;
        return (h * (2f / 4294967296f)) - 1f;
    }
}
