namespace Atl.Data;

/// <summary>Blocks that Snappy compressed: the length, then runs of bytes and copies of what came before.</summary>
internal static class SnappyBlock
{
    // A copy of 64 bytes takes three.
    private const int MostTimesLonger = 22;

    /// <summary>Restores a block; false where it is damaged.</summary>
    /// <param name="compressed">The block.</param>
    /// <param name="plain">Takes the bytes; replaced by a larger one where needed.</param>
    /// <param name="length">Their number.</param>
    public static bool TryRestore(ReadOnlySpan<byte> compressed, ref byte[] plain, out int length)
    {
        if (!LevelDbCode.TryTakeCount(ref compressed, out length)) return false;
        // A length that the bytes cannot have is not believed.
        if (length > (long)compressed.Length * MostTimesLonger || length > Array.MaxLength) return false;
        if (plain.Length < length)
            plain = GC.AllocateUninitializedArray<byte>(Math.Max(length,
                (int)Math.Min(2L * plain.Length, Array.MaxLength)));
        Span<byte> target = plain.AsSpan(0, length);
        int at = 0;
        while (!compressed.IsEmpty)
        {
            byte tag = compressed[0];
            compressed = compressed[1..];
            bool taken = (tag & 3) == 0
                ? TryTakeRun(tag, ref compressed, target[at..], out int count)
                : TryCopy(tag, ref compressed, target, at, out count);
            if (!taken) return false;
            at += count;
        }
        return at == length;
    }

    // The count less one stands in the tag, or, from 60 on, in the one to four bytes that follow.
    private static bool TryTakeRun(byte tag, ref ReadOnlySpan<byte> bytes, Span<byte> target, out int count)
    {
        long run = (tag >> 2) + 1;
        count = 0;
        if (run > 60)
        {
            int size = (int)run - 60;
            if (!TryTake(ref bytes, size, out uint more)) return false;
            run = more + 1L;
        }
        if (run > bytes.Length || run > target.Length) return false;
        count = (int)run;
        bytes[..count].CopyTo(target);
        bytes = bytes[count..];
        return true;
    }

    private static bool TryCopy(byte tag, ref ReadOnlySpan<byte> bytes, Span<byte> target, int at, out int count)
    {
        int kind = tag & 3;
        count = kind == 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
        if (!TryTake(ref bytes, kind == 3 ? 4 : kind, out uint back)) return false;
        if (kind == 1) back |= (uint)(tag >> 5) << 8;
        if (back == 0 || back > at || count > target.Length - at) return false;
        int from = at - (int)back;
        // A copy may reach into what it writes, and so repeat it.
        if (back >= count)
            target.Slice(from, count).CopyTo(target[at..]);
        else
            for (int i = 0; i < count; i++) target[at + i] = target[from + i];
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, int size, out uint number)
    {
        number = 0;
        if (bytes.Length < size) return false;
        for (int i = 0; i < size; i++) number |= (uint)bytes[i] << (8 * i);
        bytes = bytes[size..];
        return true;
    }
}
