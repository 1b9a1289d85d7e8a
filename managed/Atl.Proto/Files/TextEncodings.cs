namespace Atl.Proto;

/// <summary>Distinguishes text in UTF-16, as editors on Windows may save it, from text in UTF-8.</summary>
internal static class TextEncodings
{
    /// <summary>The advice for a file in UTF-16.</summary>
    public const string Advice = "save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)";

    private const int Sample = 64;

    private static ReadOnlySpan<byte> LittleEndian => [0xFF, 0xFE];

    private static ReadOnlySpan<byte> BigEndian => [0xFE, 0xFF];

    /// <summary>Whether bytes are text in UTF-16: they begin with its byte-order mark, or every other byte is zero as
    /// in Latin text.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(LittleEndian) || bytes.StartsWith(BigEndian)) return true;
        ReadOnlySpan<byte> sample = bytes[..Math.Min(bytes.Length, Sample)];
        return sample.Length >= 4 && (IsZeroEverySecond(sample, 0) || IsZeroEverySecond(sample, 1));
    }

    private static bool IsZeroEverySecond(ReadOnlySpan<byte> sample, int first)
    {
        for (int i = 0; i < sample.Length; i++)
            if (i % 2 == first != (sample[i] == 0))
                return false;
        return true;
    }
}
