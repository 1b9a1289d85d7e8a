namespace Atl.Proto;

/// <summary>A tree of records ("v2 B-tree") of an HDF5 file. (HDF5 File Format Specification 3.0, III.A.2.)</summary>
internal static class Hdf5Tree2
{
    private const int ChecksumSize = 4, NodeHead = 6;

    /// <summary>All records, and where each is in the file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="address">The tree's header.</param>
    /// <param name="type">The type of its records.</param>
    /// <param name="what">What the tree is, for messages.</param>
    /// <exception cref="AtlException">The tree is damaged.</exception>
    public static IEnumerable<(byte[] Record, ulong At)> Records(Hdf5Bytes bytes, ulong address, byte type, string what)
    {
        Header header = ReadHeader(bytes, address, type, what);
        if (header.Root == bytes.Undefined || header.Records == 0) yield break;
        Stack<(ulong Address, int Records, int Level)> nodes = new([(header.Root, header.Records, header.Depth)]);
        HashSet<ulong> known = [];
        while (nodes.TryPop(out (ulong Address, int Records, int Level) node))
        {
            string place = bytes.Place(what, node.Address);
            if (!known.Add(node.Address)) throw new AtlException($"{place} is led to twice (damaged)");
            int pointer = node.Level == 0 ? 0 : bytes.OffsetSize + header.CountSize + header.TotalSizes[node.Level - 1],
                length = NodeHead + node.Records * header.RecordSize
                    + (node.Level == 0 ? 0 : (node.Records + 1) * pointer) + ChecksumSize;
            byte[] all = bytes.Read(bytes.At(node.Address), (ulong)length, what);
            Hdf5Bytes.CheckSum(all, place);
            foreach (var child in Children(bytes, all, node.Records, node.Level, header, place)) nodes.Push(child);
            for (int i = 0; i < node.Records; i++)
            {
                int at = NodeHead + i * header.RecordSize;
                yield return (all[at..(at + header.RecordSize)], bytes.At(node.Address) + (ulong)at);
            }
        }
    }

    private static Header ReadHeader(Hdf5Bytes bytes, ulong address, byte type, string what)
    {
        string place = bytes.Place(what, address);
        byte[] all = bytes.Read(bytes.At(address),
            (ulong)(16 + bytes.OffsetSize + 2 + bytes.LengthSize + ChecksumSize), what);
        Hdf5Bytes.CheckSum(all, place);
        Hdf5Fields fields = new(all, place);
        fields.Expect("BTHD"u8);
        fields.Skip(1);
        byte found = fields.Byte();
        if (found != type) throw new AtlException($"{place} has records of type {found}, expected {type} (damaged)");
        uint nodeSize = fields.UInt32();
        int recordSize = fields.UInt16(), depth = fields.UInt16();
        fields.Skip(2);
        ulong root = fields.Number(bytes.OffsetSize);
        int records = fields.UInt16();
        const int MostLevels = 64;
        if (recordSize == 0 || nodeSize <= NodeHead + ChecksumSize || depth > MostLevels)
            throw new AtlException($"{place} has nodes of {nodeSize} bytes, records of {recordSize} and {depth} levels "
                + "(damaged)");
        // The bytes of a count follow from how many records a node may hold, and all below it.
        UInt128 most = (nodeSize - NodeHead - ChecksumSize) / (uint)recordSize, total = most;
        int countSize = SizeOf(most);
        int[] totalSizes = new int[depth + 1];
        for (int level = 1; level <= depth; level++)
        {
            int pointer = bytes.OffsetSize + countSize + totalSizes[level - 1];
            most = (nodeSize - NodeHead - ChecksumSize - (uint)Math.Min(pointer, nodeSize - NodeHead - ChecksumSize))
                / (uint)(recordSize + pointer);
            total = UInt128.Min(ulong.MaxValue, (most + 1) * total + most);
            totalSizes[level] = SizeOf(total);
        }
        return new Header(root, records, depth, recordSize, countSize, totalSizes);
    }

    private static List<(ulong, int, int)> Children(Hdf5Bytes bytes, byte[] node, int records, int level, Header header,
        string place)
    {
        Hdf5Fields fields = new(node, place);
        fields.Expect(level == 0 ? "BTLF"u8 : "BTIN"u8);
        List<(ulong, int, int)> children = [];
        if (level == 0) return children;
        fields.Skip(NodeHead - 4 + records * header.RecordSize);
        for (int i = 0; i <= records; i++)
        {
            children.Add((fields.Number(bytes.OffsetSize), (int)Math.Min(ushort.MaxValue,
                fields.Number(header.CountSize)), level - 1));
            fields.Skip(header.TotalSizes[level - 1]);
        }
        return children;
    }

    // The bytes of the largest of some numbers.
    private static int SizeOf(UInt128 most) => most == 0 ? 1 : (int)UInt128.Log2(most) / 8 + 1;

    private sealed record Header(ulong Root, int Records, int Depth, int RecordSize, int CountSize, int[] TotalSizes);
}
