using System.Numerics;

namespace Atl.Proto;

/// <summary>
/// Finds the chunks of an HDF5 array with skipped filters, in each of the indexes of chunks.
/// (HDF5 File Format Specification 3.0, III.A.1, VII.)
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="name">The array, for messages.</param>
/// <param name="axes">The axes of a chunk.</param>
/// <param name="filters">The number of filters.</param>
internal sealed class Hdf5ChunkMasks(Hdf5Bytes bytes, string name, int axes, int filters)
{
    private const int ChecksumSize = 4, MaskSize = 4;
    private const byte Filtered = 1;

    private readonly string _what = $"the chunk index of '{name}'";

    /// <summary>Takes the mask of a chunk.</summary>
    /// <param name="maskAt">Its place in the file.</param>
    /// <param name="address">The chunk's address.</param>
    /// <param name="mask">The mask.</param>
    public void Take(ulong maskAt, ulong address, uint mask)
    {
        if (mask == 0 || address == bytes.Undefined) return;
        // PureHDF looks at each filter's bit one too far up.
        bytes.File.Blanks.Add((long)maskAt, MaskSize);
        bytes.File.Skipped.Add((long)bytes.At(address), mask, filters);
    }

    /// <summary>The index of HDF5 1.8 and before, a tree whose keys hold the masks.</summary>
    public void TakeTree(ulong root)
    {
        HashSet<ulong> known = [];
        Stack<ulong> nodes = new([root]);
        while (nodes.TryPop(out ulong address))
        {
            string place = bytes.Place(_what, address);
            if (!known.Add(address)) throw new AtlException($"{place} is led to twice (damaged)");
            int headSize = 8 + 2 * bytes.OffsetSize, keySize = 4 + MaskSize + 8 * (axes + 1);
            Hdf5Fields head = new(bytes.Read(bytes.At(address), (ulong)headSize, _what), place);
            head.Expect("TREE"u8);
            head.Skip(1);
            byte level = head.Byte();
            int entries = head.UInt16();
            ulong at = bytes.At(address) + (ulong)headSize;
            Hdf5Fields body = new(bytes.Read(at, (ulong)(entries * (keySize + bytes.OffsetSize)), _what), place);
            for (int i = 0; i < entries; i++, at += (ulong)(keySize + bytes.OffsetSize))
            {
                body.Skip(4);
                uint mask = body.UInt32();
                body.Skip(8 * (axes + 1));
                ulong child = body.Number(bytes.OffsetSize);
                if (level > 0) nodes.Push(child);
                else Take(at + 4, child, mask);
            }
        }
    }

    /// <summary>The index of arrays that grow along several axes.</summary>
    public void TakeTree2(ulong header)
    {
        const byte FilteredChunks = 11;
        foreach ((byte[] record, ulong at) in Hdf5Tree2.Records(bytes, header, FilteredChunks, _what))
        {
            int maskAt = record.Length - 8 * axes - MaskSize;
            Hdf5Fields fields = new(record, bytes.Place(_what, header));
            ulong address = fields.Number(bytes.OffsetSize);
            fields.Skip(maskAt - bytes.OffsetSize);
            Take(at + (ulong)maskAt, address, fields.UInt32());
        }
    }

    /// <summary>The index of arrays of fixed extents.</summary>
    public void TakeFixedArray(ulong header)
    {
        string place = bytes.Place(_what, header);
        byte[] all = bytes.Read(bytes.At(header), (ulong)(8 + bytes.LengthSize + bytes.OffsetSize + ChecksumSize),
            _what);
        Hdf5Bytes.CheckSum(all, place);
        Hdf5Fields fields = new(all, place);
        fields.Expect("FAHD"u8);
        fields.Skip(1);
        if (fields.Byte() != Filtered) throw new AtlException($"{place} is one of chunks without filters (damaged)");
        int size = fields.Byte(), pageBits = fields.Byte();
        ulong entries = fields.Number(bytes.LengthSize), block = fields.Number(bytes.OffsetSize);
        if (block == bytes.Undefined || entries == 0) return;
        int head = 6 + bytes.OffsetSize;
        ulong at = bytes.At(block), perPage = PageEntries(pageBits, place);
        if (entries <= perPage)
        {
            TakeElements(at, head, entries, size, "FADB"u8);
            return;
        }
        // Pages follow the block, each with a checksum; a bit for each tells whether it has been written.
        int pages = checked((int)((entries + perPage - 1) / perPage)), bitmap = (pages + 7) / 8;
        byte[] start = bytes.Read(at, (ulong)(head + bitmap + ChecksumSize), _what);
        Hdf5Bytes.CheckSum(start, place);
        TakePages(start.AsSpan(head, bitmap), at + (ulong)start.Length, pages, entries, perPage, size);
    }

    /// <summary>The index of arrays that grow along one axis.</summary>
    public void TakeExtensibleArray(ulong header)
    {
        string place = bytes.Place(_what, header);
        byte[] all = bytes.Read(bytes.At(header), (ulong)(12 + 6 * bytes.LengthSize + bytes.OffsetSize + ChecksumSize),
            _what);
        Hdf5Bytes.CheckSum(all, place);
        Hdf5Fields fields = new(all, place);
        fields.Expect("EAHD"u8);
        fields.Skip(1);
        if (fields.Byte() != Filtered) throw new AtlException($"{place} is one of chunks without filters (damaged)");
        int size = fields.Byte(), indexBits = fields.Byte(), inIndex = fields.Byte(), fewest = fields.Byte(),
            pointers = fields.Byte(), pageBits = fields.Byte();
        if (!BitOperations.IsPow2(fewest) || !BitOperations.IsPow2(pointers) || indexBits is 0 or > 64)
            throw new AtlException($"{place} has blocks of {fewest} elements and {pointers} pointers (damaged)");
        fields.Skip(6 * bytes.LengthSize);
        ulong index = fields.Number(bytes.OffsetSize);
        if (index == bytes.Undefined) return;
        int superBlocks = 1 + indexBits - BitOperations.Log2((uint)fewest),
            direct = 2 * BitOperations.Log2((uint)pointers),
            directBlocks = 2 * (pointers - 1), head = 6 + bytes.OffsetSize, offset = (indexBits + 7) / 8;
        ulong at = bytes.At(index), perPage = PageEntries(pageBits, place);
        byte[] block = bytes.Read(at, (ulong)(head + inIndex * size
            + (directBlocks + Math.Max(0, superBlocks - direct)) * bytes.OffsetSize + ChecksumSize), _what);
        Hdf5Bytes.CheckSum(block, place);
        Hdf5Fields body = new(block, place);
        body.Expect("EAIB"u8);
        body.Skip(head - 4);
        TakeElements(body.Take((ulong)(inIndex * size)), at + (ulong)head, size);
        for (int super = 0; super < superBlocks; super++)
        {
            ulong elements = (ulong)fewest << ((super + 1) / 2);
            int blocks = 1 << Math.Min(30, super / 2);
            if (super >= direct)
            {
                ulong address = body.Number(bytes.OffsetSize);
                if (address != bytes.Undefined) TakeSuperBlock(address, head + offset, blocks, elements, perPage, size);
                continue;
            }
            for (int i = 0; i < blocks && directBlocks > 0; i++, directBlocks--)
                if (body.Number(bytes.OffsetSize) is var address && address != bytes.Undefined)
                    TakeElements(bytes.At(address), head + offset, elements, size, "EADB"u8);
        }
    }

    private void TakeSuperBlock(ulong address, int head, int blocks, ulong elements, ulong perPage, int size)
    {
        string place = bytes.Place(_what, address);
        int pages = elements > perPage ? checked((int)(elements / perPage)) : 0, bitmap = (pages + 7) / 8;
        ulong length = (ulong)head + (ulong)blocks * (ulong)(bitmap + bytes.OffsetSize) + ChecksumSize;
        byte[] all = bytes.Read(bytes.At(address), length, _what);
        Hdf5Bytes.CheckSum(all, place);
        Hdf5Fields fields = new(all, place);
        fields.Expect("EASB"u8);
        fields.Skip(head - 4);
        ReadOnlySpan<byte> written = fields.Take((ulong)blocks * (ulong)bitmap);
        for (int i = 0; i < blocks; i++)
        {
            ulong block = fields.Number(bytes.OffsetSize);
            if (block == bytes.Undefined) continue;
            if (pages == 0) TakeElements(bytes.At(block), head, elements, size, "EADB"u8);
            else TakePages(written.Slice(i * bitmap, bitmap), bytes.At(block) + (ulong)(head + ChecksumSize), pages,
                elements, perPage, size);
        }
    }

    // A block of elements between its head and its checksum.
    private void TakeElements(ulong at, int head, ulong count, int size, ReadOnlySpan<byte> signature)
    {
        byte[] block = Block(at, (ulong)head, count, size);
        new Hdf5Fields(block, _what).Expect(signature);
        TakeElements(block.AsSpan(head..^ChecksumSize), at + (ulong)head, size);
    }

    private void TakePages(ReadOnlySpan<byte> written, ulong at, int pages, ulong entries, ulong perPage, int size)
    {
        for (int page = 0; page < pages; page++, at += perPage * (ulong)size + ChecksumSize)
        {
            if ((written[page / 8] & (0x80 >> (page % 8))) == 0) continue;
            byte[] block = Block(at, 0, Math.Min(perPage, entries - (ulong)page * perPage), size);
            TakeElements(block.AsSpan(..^ChecksumSize), at, size);
        }
    }

    private byte[] Block(ulong at, ulong head, ulong count, int size)
    {
        UInt128 length = head + (UInt128)count * (uint)size + ChecksumSize;
        bytes.File.CheckPlace(at, length, _what);
        byte[] block = bytes.Read(at, (ulong)length, _what);
        Hdf5Bytes.CheckSum(block, $"{bytes.Path}: {_what} at byte {at}");
        return block;
    }

    // Address, size and mask.
    private void TakeElements(ReadOnlySpan<byte> elements, ulong at, int size)
    {
        int maskAt = size - MaskSize;
        if (maskAt < bytes.OffsetSize) throw new AtlException(
            $"{bytes.Path}: {_what} has elements of {size} bytes (damaged)");
        Hdf5Fields fields = new(elements, $"{bytes.Path}: {_what}");
        for (; fields.Remaining >= size; at += (ulong)size)
        {
            ulong address = fields.Number(bytes.OffsetSize);
            fields.Skip(maskAt - bytes.OffsetSize);
            Take(at + (ulong)maskAt, address, fields.UInt32());
        }
    }

    private static ulong PageEntries(int bits, string place) => bits < 32 ? 1UL << bits
        : throw new AtlException($"{place} has pages of 2^{bits} elements (damaged)");
}
