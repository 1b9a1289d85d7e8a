using System.Buffers.Binary;
using System.Text;

namespace Atl.Proto;

/// <summary>The fields of a structure of an HDF5 file, one after the other.</summary>
/// <param name="bytes">The structure.</param>
/// <param name="place">What error messages begin with: file and structure.</param>
internal ref struct Hdf5Fields(ReadOnlySpan<byte> bytes, string place)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of bytes that follow.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>The beginning of error messages.</summary>
    public readonly string Place => place;

    /// <summary>The next bytes.</summary>
    /// <exception cref="AtlException">The structure ends before them.</exception>
    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new AtlException(
            $"{place} ends early: {count} more bytes are claimed, {_rest.Length} follow (truncated or damaged)");
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    /// <summary>Skips bytes.</summary>
    public void Skip(int count) => Take((ulong)count);

    /// <summary>The next byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>A number of two bytes.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>A number of four bytes.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A number of some bytes, at most eight.</summary>
    public ulong Number(int size)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        if (size > number.Length) throw new AtlException(
            $"{place} has a number of {size} bytes, expected at most {number.Length}");
        Take((ulong)size).CopyTo(number);
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    /// <summary>Text of some bytes.</summary>
    public string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>Checks a signature.</summary>
    /// <exception cref="AtlException">It is another one.</exception>
    public void Expect(ReadOnlySpan<byte> signature)
    {
        if (!Take((ulong)signature.Length).SequenceEqual(signature))
            throw new AtlException($"{place} does not start with {Encoding.ASCII.GetString(signature)} (damaged)");
    }
}
