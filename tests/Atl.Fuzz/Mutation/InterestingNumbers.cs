using System.Buffers.Binary;

namespace Atl.Fuzz.Mutation;

/// <summary>Numbers on the edges of types, of signs and of sizes, as text and as bytes.</summary>
internal static class InterestingNumbers
{
    private static readonly string[] Texts =
    [
        "0", "1", "2", "3", "7", "10", "-1", "-2", "-0", "255", "256", "32768", "65535", "65536", "100000", "1000000",
        "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "18446744073709551615", "99999999999999999999999", "0.5", "-0.5",
        "1.5", "1e8", "1e-8", "1e30", "-1e30", "1e39", "1e400", "1e-320", "nan", "-nan", "inf", "-inf", "NaN",
        "Infinity", "0x7fffffff", "007", "+1", "1.", ".5", "1,5", "1e", "--1",
    ];

    private static readonly long[] Integers =
    [
        0, 1, 2, 3, 4, 7, 8, 16, 64, 100, 127, 128, 255, 256, 512, 1000, 4096, 32767, 32768, 65535, 65536, 1 << 20,
        1 << 24, 100_000_000, 1 << 30, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62,
        long.MaxValue, long.MinValue, -1, -2, -128, -32768, int.MinValue,
    ];

    /// <summary>A number as text.</summary>
    public static string Text(Random random) => Texts[random.Next(Texts.Length)];

    /// <summary>A whole number, which may not depend on the one before.</summary>
    public static long Integer(Random random, long before) => random.Next(8) switch
    {
        0 => before + 1,
        1 => before - 1,
        2 => before * 2,
        3 => -before,
        4 => before ^ (1L << random.Next(32)),
        _ => Integers[random.Next(Integers.Length)],
    };

    /// <summary>Changes a field of 1, 2, 4 or 8 bytes in place.</summary>
    public static void Change(Span<byte> field, bool bigEndian, Random random) =>
        Write(field, Integer(random, Read(field, bigEndian)), bigEndian);

    private static long Read(ReadOnlySpan<byte> field, bool bigEndian) => (field.Length, bigEndian) switch
    {
        (1, _) => field[0],
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(field),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(field),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(field),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(field),
        (_, true) => BinaryPrimitives.ReadInt64BigEndian(field),
        _ => BinaryPrimitives.ReadInt64LittleEndian(field),
    };

    private static void Write(Span<byte> field, long value, bool bigEndian)
    {
        for (int i = 0; i < field.Length; i++)
            field[i] = (byte)(value >> (8 * (bigEndian ? field.Length - 1 - i : i)));
    }
}
