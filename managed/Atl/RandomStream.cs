using System.Runtime.CompilerServices;
using System.Text;

namespace Atl;

/// <summary>
/// A stream of random numbers that depends on nothing but a seed, a name and how many numbers were drawn: Philox4x32-10
/// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), counted in 32-bit words. Its whole state is
/// <see cref="Position"/>, so it can be saved and resumed, and native/common/philox.h draws the same numbers on every
/// device.
/// </summary>
public sealed class RandomStream
{
    private readonly uint[] _buffer = new uint[4];
    private ulong _bufferBlock = ulong.MaxValue;

    /// <summary>The stream of a key, at its beginning.</summary>
    public RandomStream(ulong key) => Key = key;

    /// <summary>The stream that belongs to a name under a seed; streams of different names are independent.</summary>
    public RandomStream(ulong seed, string name)
        : this(Mix(seed, name))
    {
    }

    /// <summary>The key that sets this stream apart from others.</summary>
    public ulong Key { get; private set; }

    /// <summary>The number of 32-bit words drawn so far: the whole state to save.</summary>
    public ulong Position { get; set; }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        ulong block = Position / 4;
        if (block != _bufferBlock)
        {
            Philox(block, Key, _buffer);
            _bufferBlock = block;
        }
        return _buffer[Position++ % 4];
    }

    /// <summary>The next number, uniform in [0, 1): 24 random bits.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / 16777216f);

    /// <summary>The next number, uniform in [0, 1): 53 random bits.</summary>
    public double NextDouble() =>
        (((ulong)(NextUInt32() >> 5) << 26) | (NextUInt32() >> 6)) * (1.0 / 9007199254740992.0);

    /// <summary>The next integer, uniform in [0, count).</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)(((ulong)NextUInt32() * (ulong)count) >> 32);
    }

    /// <summary>The next integer, uniform in [0, count), below any count of 32 bits.</summary>
    public uint Next(uint count)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        return (uint)(((ulong)NextUInt32() * count) >> 32);
    }

    /// <summary>The next number of the standard normal distribution (Box-Muller, two words a number).</summary>
    public float NextGaussian()
    {
        double u = ((NextUInt32() >> 8) + 1) * (1.0 / 16777216.0), v = (NextUInt32() >> 8) * (1.0 / 16777216.0);
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v));
    }

    /// <summary>Puts the items into a random order (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Becomes the stream that belongs to a name under a seed, at a position: what a resumed run
    /// does.</summary>
    public void Resume(ulong seed, string name, ulong position)
    {
        Key = Mix(seed, name);
        Position = position;
        _bufferBlock = ulong.MaxValue;
    }

    /// <summary>Skips words that a device has drawn from <see cref="Key"/> and <see cref="Position"/> on.</summary>
    public void Advance(ulong words) => Position += words;

    /// <summary>Four words of block <paramref name="counter"/> of the stream <paramref name="key"/>.</summary>
    internal static void Philox(ulong counter, ulong key, Span<uint> words)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = 0, c3 = 0, k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        (words[0], words[1], words[2], words[3]) = (c0, c1, c2, c3);
    }

    // FNV-1a over the name's bytes, then a finalizer, so that nearby seeds and names give unrelated keys.
    private static ulong Mix(ulong seed, string name)
    {
        ulong hash = 14695981039346656037UL ^ Scramble(seed);
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 1099511628211UL;
        return Scramble(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Scramble(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
