using System.Buffers.Binary;
using PureHDF;

namespace Atl.Proto;

/// <summary>
/// Writes HDF5 files that HDF5 1.8, which Caffe builds of its time link, can read. The library marks its files as HDF5
/// 1.10's (superblock 3, data layout messages 4), though for groups and arrays that are no chunks the bytes mean the
/// same in 1.8's (superblock 2, layout 3): the marks are changed, and the checksums over them. (HDF5 File Format
/// Specification 3.0, II.A, IV.A.)
/// </summary>
internal static class Hdf5Writer
{
    private const int AddressSize = 8, ChecksumSize = 4, SuperblockSize = 48, RootAddressAt = 36, VersionAt = 8;
    private const byte LinkMessage = 0x06, LayoutMessage = 0x08, ContinuationMessage = 0x10;
    private const byte NewSuperblock = 3, OldSuperblock = 2, NewLayout = 4, OldLayout = 3, ChunkedLayout = 2;

    /// <summary>Writes a file, which takes its name when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">What it holds.</param>
    /// <param name="writeValues">
    /// Writes the values of the datasets that have been given none; null where there are no such.
    /// </param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static void Write(string path, H5File file, Action<H5NativeWriter>? writeValues = null,
        H5WriteOptions? options = null) =>
        AtomicFile.Write(path, stream =>
        {
            using (H5NativeWriter writer = file.BeginWrite(stream, options ?? new H5WriteOptions()))
                writeValues?.Invoke(writer);
            Lower(stream);
        });

    // A file with anything that 1.8 lacks stays as it is, which 1.10 reads.
    private static void Lower(Stream stream)
    {
        byte[] superblock = Read(stream, 0, SuperblockSize);
        if (superblock[VersionAt] != NewSuperblock) return;
        List<(long At, byte[] Bytes)> changed = [];
        Stack<long> headers = new([BinaryPrimitives.ReadInt64LittleEndian(superblock.AsSpan(RootAddressAt))]);
        while (headers.TryPop(out long at))
        {
            byte[] header = ReadHeader(stream, at);
            if (!LowerHeader(header, headers)) return;
            changed.Add((at, header));
        }
        superblock[VersionAt] = OldSuperblock;
        changed.Add((0, superblock));
        foreach ((long at, byte[] bytes) in changed)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - ChecksumSize),
                Lookup3.Hash(bytes.AsSpan(0, bytes.Length - ChecksumSize)));
            stream.Position = at;
            stream.Write(bytes);
        }
        stream.Position = stream.Length;
    }

    // Whether 1.8 has everything of an object header; the objects that it links to are put on the stack.
    private static bool LowerHeader(byte[] header, Stack<long> headers)
    {
        int prefix = (header[5] & 4) != 0 ? 6 : 4;
        for (int at = MessagesAt(header); at + prefix <= header.Length - ChecksumSize;)
        {
            Span<byte> message = header.AsSpan(at + prefix,
                BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(at + 1)));
            switch (header[at])
            {
                case LinkMessage:
                    // A hard link ends in the address of its object.
                    headers.Push(BinaryPrimitives.ReadInt64LittleEndian(message[^AddressSize..]));
                    break;
                case LayoutMessage when message[0] == NewLayout && message[1] < ChunkedLayout:
                    message[0] = OldLayout;
                    break;
                case LayoutMessage when message[0] > OldLayout:
                case ContinuationMessage:
                    return false;
            }
            at += prefix + message.Length;
        }
        return true;
    }

    private static byte[] ReadHeader(Stream stream, long at)
    {
        byte[] start = Read(stream, at, MostBeforeMessages(stream, at));
        int messages = MessagesAt(start), sizeBytes = 1 << (start[5] & 3);
        Span<byte> size = stackalloc byte[8];
        size.Clear();
        start.AsSpan(messages - sizeBytes, sizeBytes).CopyTo(size);
        return Read(stream, at, checked(messages + (int)BinaryPrimitives.ReadInt64LittleEndian(size) + ChecksumSize));
    }

    // Signature, version, flags, and as these say: four times, two numbers of attributes, and the size of the messages.
    private static int MessagesAt(byte[] header) =>
        6 + ((header[5] & 0x20) != 0 ? 16 : 0) + ((header[5] & 0x10) != 0 ? 4 : 0) + (1 << (header[5] & 3));

    private static int MostBeforeMessages(Stream stream, long at) => (int)Math.Min(6 + 16 + 4 + 8, stream.Length - at);

    private static byte[] Read(Stream stream, long at, int count)
    {
        byte[] bytes = new byte[count];
        stream.Position = at;
        stream.ReadExactly(bytes);
        return bytes;
    }
}
