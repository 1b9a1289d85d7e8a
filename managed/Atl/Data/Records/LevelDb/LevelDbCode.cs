using System.Runtime.CompilerServices;

namespace Atl.Data;

/// <summary>Numbers and texts as LevelDB's files hold them, taken from the front of bytes that may be
/// damaged.</summary>
internal static class LevelDbCode
{
    private const int LongestNumber = 10;

    /// <summary>Takes a number: seven bits a byte, the lowest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTakeNumber(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        if (bytes.IsEmpty || bytes[0] >= 0x80) return TryTakeLongNumber(ref bytes, out number);
        number = bytes[0];
        bytes = bytes[1..];
        return true;
    }

    /// <summary>Takes a number that counts bytes in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTakeCount(ref ReadOnlySpan<byte> bytes, out int count)
    {
        bool taken = TryTakeNumber(ref bytes, out ulong number) && number <= int.MaxValue;
        count = taken ? (int)number : 0;
        return taken;
    }

    /// <summary>Takes bytes whose length stands before them.</summary>
    public static bool TryTakeText(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryTakeCount(ref bytes, out int length) || length > bytes.Length) return false;
        text = bytes[..length];
        bytes = bytes[length..];
        return true;
    }

    private static bool TryTakeLongNumber(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        for (int i = 0; i < bytes.Length && i < LongestNumber; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }
}
