using System.Numerics;

namespace Atl.Face.Synthesis;

/// <summary>
/// The renderer's generator: SplitMix64 over a counter. A stream is a pure function of its keys, so that image n of
/// identity k has the same bytes whichever thread draws it, and in whichever order.
/// </summary>
internal struct FaceRandom
{
    private ulong _state;

    /// <summary>The stream of (seed, stream, index).</summary>
    public FaceRandom(ulong seed, ulong stream, ulong index)
        => _state = Mix(Mix(Mix(seed ^ 0x8C3F_A1D5_0B27_E941UL) + stream) + index);

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_state += 0x9E37_79B9_7F4A_7C15UL);

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float Uniform() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float Uniform(float low, float high) => low + ((high - low) * Uniform());

    /// <summary>Uniform integer in [0, count).</summary>
    public int Below(int count) => (int)BigMul(NextBits(), (ulong)count);

    /// <summary>True with the given probability.</summary>
    public bool Chance(float probability) => Uniform() < probability;

    /// <summary>Approximately normal: the sum of four 16-bit uniforms, centered and scaled to unit variance; within
    /// ±3.46.</summary>
    public float Normal()
    {
        ulong bits = NextBits();
        long sum = (long)(bits & 0xFFFF) + (long)((bits >> 16) & 0xFFFF) + (long)((bits >> 32) & 0xFFFF)
            + (long)(bits >> 48);
        return (sum - 131070) * (1f / 37837.2f);
    }

    /// <summary>mean + sigma · Normal().</summary>
    public float Normal(float mean, float sigma) => mean + (sigma * Normal());

    /// <summary>A point uniformly in the box of the given half sizes about zero.</summary>
    public Vector2 InBox(float halfWidth, float halfHeight)
        => new(Uniform(-halfWidth, halfWidth), Uniform(-halfHeight, halfHeight));

    private static ulong BigMul(ulong a, ulong b) => Math.BigMul(a, b, out _);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return z ^ (z >> 31);
    }
}
