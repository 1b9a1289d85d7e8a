using System.Buffers.Binary;
using System.Globalization;

namespace Atl.Proto;

/// <summary>The bytes of an HDF5 file by the addresses that its structures give.</summary>
internal sealed class Hdf5Bytes(string path, Hdf5Stream file)
{
    private const int ChecksumSize = 4;

    /// <summary>The file, for messages.</summary>
    public string Path => path;

    /// <summary>The file.</summary>
    public Hdf5Stream File => file;

    /// <summary>The base of addresses.</summary>
    public ulong Base { get; set; }

    /// <summary>The bytes of an address.</summary>
    public int OffsetSize { get; set; }

    /// <summary>The bytes of a length.</summary>
    public int LengthSize { get; set; }

    /// <summary>The address that stands for none.</summary>
    public ulong Undefined => OffsetSize == 8 ? ulong.MaxValue : (1UL << (8 * OffsetSize)) - 1;

    /// <summary>The place of an address in the file.</summary>
    public ulong At(ulong address) => unchecked(Base + address);

    /// <summary>Describes the place of a structure, for messages.</summary>
    public string Place(string what, ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}: {what} at byte {At(address)}");

    /// <summary>Reads bytes.</summary>
    /// <exception cref="AtlException">The file does not have them.</exception>
    public byte[] Read(ulong at, ulong count, string what)
    {
        file.CheckPlace(at, count, what);
        if (count > (ulong)Array.MaxLength) throw new AtlException(
            $"{path}: {what} claims {count} bytes, expected fewer");
        byte[] bytes = new byte[count];
        file.Position = (long)at;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Checks the sum at the end of a structure.</summary>
    /// <exception cref="AtlException">It is another one.</exception>
    public static void CheckSum(ReadOnlySpan<byte> bytes, string place)
    {
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumSize..]);
        if (Lookup3.Hash(bytes[..^ChecksumSize]) != stored) throw new AtlException(
            $"{place} does not match its checksum (damaged)");
    }
}
