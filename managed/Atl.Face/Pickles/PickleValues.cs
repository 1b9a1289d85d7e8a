using System.Globalization;
using Atl.Proto;

namespace Atl.Face.Pickles;

/// <summary>Bytes that a pickle holds, copied when they are asked for.</summary>
internal abstract class PickleBytes
{
    /// <summary>The maximum number of bytes.</summary>
    public abstract int Length { get; }

    /// <summary>A copy of the bytes.</summary>
    /// <exception cref="AtlException">Text cannot be brought into the encoding.</exception>
    public abstract byte[] ToArray();
}

/// <summary>Bytes as they stand in the pickle.</summary>
internal sealed class StoredBytes(ReadOnlyMemory<byte> bytes) : PickleBytes
{
    public override int Length => bytes.Length;

    public override byte[] ToArray() => bytes.ToArray();
}

/// <summary>Text encoded in Latin-1, as Python 3 stores bytes in protocols that have none.</summary>
internal sealed class Latin1Bytes(PickleText text) : PickleBytes
{
    public override int Length => text.Bytes.Length;

    public override byte[] ToArray() => text.ToLatin1();
}

/// <summary>Text.</summary>
/// <param name="bytes">The bytes in the pickle.</param>
/// <param name="isEscaped">
/// Whether they are Latin-1 with escapes of \u and four digits (protocol 0), else UTF-8.
/// </param>
internal sealed class PickleText(ReadOnlyMemory<byte> bytes, bool isEscaped)
{
    private const int EscapeLength = 6;

    /// <summary>The bytes as they stand in the pickle.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The text in Latin-1.</summary>
    /// <exception cref="AtlException">It holds other characters.</exception>
    public byte[] ToLatin1()
    {
        ReadOnlySpan<byte> from = bytes.Span;
        byte[] to = new byte[from.Length];
        int length = 0;
        for (int i = 0; i < from.Length;)
            to[length++] = isEscaped ? Unescaped(from, ref i) : FromUtf8(from, ref i);
        return to[..length];
    }

    private static byte FromUtf8(ReadOnlySpan<byte> from, ref int i)
    {
        byte first = from[i++];
        if (first < 0x80) return first;
        if (first is not (0xC2 or 0xC3) || i == from.Length || from[i] is < 0x80 or > 0xBF)
            throw new AtlException("text with characters beyond Latin-1, expected bytes stored as Latin-1");
        return (byte)(((first & 3) << 6) | (from[i++] & 0x3F));
    }

    private static byte Unescaped(ReadOnlySpan<byte> from, ref int i)
    {
        if (!from[i..].StartsWith("\\u"u8)) return from[i++];
        if (from.Length - i < EscapeLength
            || !int.TryParse(from.Slice(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out int code)
            || code > byte.MaxValue)
            throw new AtlException("text with characters beyond Latin-1, expected bytes stored as Latin-1");
        i += EscapeLength;
        return (byte)code;
    }
}

/// <summary>A name in a module, of which none is looked up or run.</summary>
/// <param name="Module">The module.</param>
/// <param name="Name">The name in it.</param>
internal sealed record PickleGlobal(string Module, string Name);

/// <summary>A NumPy type of one byte: b1 (truth values), u1 or i1.</summary>
/// <param name="Name">Its word.</param>
internal sealed record PickleType(string Name);

/// <summary>A NumPy array of elements of one byte; it is empty until its state is set.</summary>
internal sealed class PickleArray
{
    /// <summary>The type of its elements.</summary>
    public PickleType? Type { get; set; }

    /// <summary>Its elements.</summary>
    public PickleBytes? Elements { get; set; }
}
