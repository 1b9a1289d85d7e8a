using System.Text;

namespace Atl.Proto;

/// <summary>
/// Goes through the objects of an HDF5 file, each once, and checks what they claim against the bytes that are there:
/// object headers (with their checksums), groups, and the arrays' extents and chunks (<see cref="Hdf5Claim"/>). Links
/// to other files, and links by name that lead back to themselves, are errors. What PureHDF takes for something else is
/// noted in the stream. (HDF5 File Format Specification 3.0, II to IV.)
/// </summary>
internal sealed class Hdf5Structure
{
    private const byte DataspaceMessage = 1, LinkInfoMessage = 2, DatatypeMessage = 3, OldFillValueMessage = 4,
        FillValueMessage = 5, LinkMessage = 6, ExternalFilesMessage = 7, LayoutMessage = 8, FiltersMessage = 11,
        ContinuationMessage = 16, SymbolTableMessage = 17;
    private const byte SharedFlag = 2;
    private const byte HardLink = 0, SoftLink = 1, ExternalLink = 64;
    private const int ChecksumSize = 4, ScratchSize = 16;
    private const int FirstSuperblock = 512;

    private readonly string _path;
    private readonly Hdf5Bytes _bytes;
    private readonly HashSet<ulong> _visited = [];
    private readonly Queue<(ulong Address, string Name)> _objects = new();

    private Hdf5Structure(string path, Hdf5Stream file) => (_path, _bytes) = (path, new Hdf5Bytes(path, file));

    private int OffsetSize => _bytes.OffsetSize;

    private int LengthSize => _bytes.LengthSize;

    /// <summary>Checks a file.</summary>
    /// <exception cref="AtlException">It is no HDF5 file, or claims what it does not hold; the message names file and
    /// place.</exception>
    public static void Check(string path, Hdf5Stream file) => new Hdf5Structure(path, file).CheckObjects();

    private void CheckObjects()
    {
        _objects.Enqueue((ReadSuperblock(), "/"));
        while (_objects.TryDequeue(out (ulong Address, string Name) next))
            if (_visited.Add(next.Address))
                CheckObject(next.Address, next.Name);
        _bytes.File.Origin = (long)_bytes.Base;
    }

    // The address of the root's header.
    private ulong ReadSuperblock()
    {
        ulong at = 0;
        while (!_bytes.Read(at, (ulong)Hdf5Signature.Bytes.Length, "the superblock").SequenceEqual(Hdf5Signature.Bytes))
        {
            at = at == 0 ? FirstSuperblock : 2 * at;
            if (at + (ulong)Hdf5Signature.Bytes.Length > (ulong)_bytes.File.Length) throw new AtlException(
                $"{_path}: no HDF5 file: its signature is missing");
        }
        ulong length = Math.Min(256, (ulong)_bytes.File.Length - at);
        byte[] superblock = _bytes.Read(at, length, "the superblock");
        Hdf5Fields fields = new(superblock, $"{_path}: the superblock");
        fields.Skip(Hdf5Signature.Bytes.Length);
        byte version = fields.Byte();
        if (version > 3) throw new AtlException($"{_path}: version {version} of HDF5's superblock, expected 0 to 3");
        fields.Skip(version < 2 ? 4 : 0);
        (_bytes.OffsetSize, _bytes.LengthSize) = (fields.Byte(), fields.Byte());
        if (OffsetSize is not (2 or 4 or 8) || LengthSize is not (2 or 4 or 8))
            throw new AtlException($"{_path}: the superblock gives sizes of {OffsetSize} and {LengthSize} bytes "
                + "for offsets and lengths, expected 2, 4 or 8");
        fields.Skip(version switch { 0 => 9, 1 => 13, _ => 1 });
        // Addresses count from the superblock, whatever it says, so that a user's block may be put before it.
        _bytes.Base = at;
        _bytes.File.Blanks.Add((long)at + superblock.Length - fields.Remaining, OffsetSize);
        fields.Skip(OffsetSize);
        fields.Skip(version < 2 ? 3 * OffsetSize : 2 * OffsetSize);
        if (version >= 2)
        {
            ulong root = fields.Number(OffsetSize);
            fields.Skip(ChecksumSize);
            Hdf5Bytes.CheckSum(superblock.AsSpan(0, superblock.Length - fields.Remaining), fields.Place);
            return root;
        }
        fields.Skip(OffsetSize);
        ulong header = fields.Number(OffsetSize);
        CheckScratch(ref fields);
        return header;
    }

    private void CheckObject(ulong address, string name)
    {
        Hdf5Claim claim = new(_bytes, name);
        Dictionary<string, string> softLinks = new(StringComparer.Ordinal);
        foreach ((byte type, byte flags, ulong at, byte[] body) in Messages(address, name))
        {
            Hdf5Fields fields = new(body, $"{_path}: a header message of '{name}'");
            bool shared = (flags & SharedFlag) != 0;
            switch (type)
            {
                case DataspaceMessage when !shared:
                    claim.TakeDataspace(ref fields);
                    break;
                case DatatypeMessage when !shared:
                    claim.TakeDatatype(ref fields);
                    break;
                case OldFillValueMessage or FillValueMessage when !shared:
                    CheckFillValue(ref fields, type);
                    break;
                case LayoutMessage:
                    claim.TakeLayout(ref fields, at);
                    break;
                case FiltersMessage when !shared:
                    claim.TakeFilters(ref fields);
                    break;
                case LinkInfoMessage:
                    TakeLinks(ref fields, name, softLinks);
                    break;
                case ExternalFilesMessage:
                    throw new AtlException(
                        $"{_path}: the values of '{name}' are in another file, expected them in this one");
                case LinkMessage:
                    TakeLink(ref fields, name, softLinks);
                    break;
                case SymbolTableMessage:
                    CheckSymbols(fields.Number(OffsetSize), fields.Number(OffsetSize), name);
                    break;
            }
        }
        claim.Check();
        CheckSoftLinks(softLinks, name);
    }

    // The value of elements that no one has written: it has to be in its message.
    private static void CheckFillValue(ref Hdf5Fields fields, byte type)
    {
        const byte HasValue = 0x20;
        bool given = true;
        if (type == FillValueMessage)
        {
            byte version = fields.Byte(), flags = fields.Byte();
            if (version < 3) fields.Skip(1);
            given = version >= 3 ? (flags & HasValue) != 0 : fields.Byte() != 0;
        }
        // A size below zero stands for none.
        if (given && (int)fields.UInt32() is > 0 and var size) fields.Skip(size);
    }

    // The messages of an object's header and of its continuations. Compare Hdf5Writer, which marks headers of its own.
    private List<(byte Type, byte Flags, ulong At, byte[] Body)> Messages(ulong address, string name)
    {
        List<(byte, byte, ulong, byte[])> messages = [];
        Queue<(ulong Address, ulong Length)> continuations = new();
        string what = $"the object header of '{name}'", place = _bytes.Place(what, address);
        bool isOld = _bytes.Read(_bytes.At(address), 1, what)[0] == 1;
        bool ordered = false;
        if (isOld)
        {
            Hdf5Fields head = new(_bytes.Read(_bytes.At(address), 16, what), place);
            head.Skip(8);
            uint length = head.UInt32();
            TakeMessages(_bytes.Read(_bytes.At(address) + 16, length, what), _bytes.At(address) + 16, place, isOld,
                ordered, messages, continuations);
        }
        else
        {
            Hdf5Fields head = new(_bytes.Read(_bytes.At(address), 6, what), place);
            head.Expect("OHDR"u8);
            head.Skip(1);
            byte flags = head.Byte();
            ordered = (flags & 4) != 0;
            int sizeAt = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0),
                sizeBytes = 1 << (flags & 3);
            Hdf5Fields size = new(_bytes.Read(_bytes.At(address) + (ulong)sizeAt, (ulong)sizeBytes, what), place);
            ulong length = size.Number(sizeBytes), before = (ulong)(sizeAt + sizeBytes);
            _bytes.File.CheckPlace(_bytes.At(address), (UInt128)before + length + ChecksumSize, what);
            byte[] header = _bytes.Read(_bytes.At(address), before + length + ChecksumSize, what);
            Hdf5Bytes.CheckSum(header, place);
            TakeMessages(header.AsSpan((int)before, (int)length), _bytes.At(address) + before, place, isOld, ordered,
                messages, continuations);
        }
        HashSet<ulong> known = [];
        while (continuations.TryDequeue(out (ulong Address, ulong Length) next))
        {
            if (!known.Add(next.Address)) throw new AtlException(
                $"{place} is continued twice at byte {next.Address} (damaged)");
            byte[] block = _bytes.Read(_bytes.At(next.Address), next.Length, what);
            if (isOld)
            {
                TakeMessages(block, _bytes.At(next.Address), place, isOld, ordered, messages, continuations);
                continue;
            }
            if (block.Length < 8) throw new AtlException($"{place} is continued by {block.Length} bytes (damaged)");
            Hdf5Bytes.CheckSum(block, place);
            TakeMessages(block.AsSpan(4, block.Length - 8), _bytes.At(next.Address) + 4, place, isOld, ordered,
                messages, continuations);
        }
        return messages;
    }

    private void TakeMessages(ReadOnlySpan<byte> block, ulong at, string place, bool isOld, bool ordered,
        List<(byte, byte, ulong, byte[])> messages,
        Queue<(ulong, ulong)> continuations)
    {
        Hdf5Fields fields = new(block, place);
        int prefix = isOld ? 8 : ordered ? 6 : 4;
        // What is left at the end of a block and holds no message is a gap.
        while (fields.Remaining >= prefix)
        {
            ushort type = isOld ? fields.UInt16() : fields.Byte();
            ushort size = fields.UInt16();
            byte flags = fields.Byte();
            fields.Skip(isOld ? 3 : ordered ? 2 : 0);
            ulong bodyAt = at + (ulong)(block.Length - fields.Remaining);
            ReadOnlySpan<byte> body = fields.Take(size);
            if (type == ContinuationMessage)
            {
                Hdf5Fields target = new(body, place);
                continuations.Enqueue((target.Number(OffsetSize), target.Number(LengthSize)));
            }
            else if (type <= byte.MaxValue)
            {
                messages.Add(((byte)type, flags, bodyAt, body.ToArray()));
            }
        }
    }

    // Many links lie in a heap, and a tree of their names leads to them.
    private void TakeLinks(ref Hdf5Fields fields, string group, Dictionary<string, string> softLinks)
    {
        const byte ByName = 5;
        const int HashSize = 4;
        fields.Skip(1);
        fields.Skip((fields.Byte() & 1) != 0 ? 8 : 0);
        ulong heapAt = fields.Number(OffsetSize), tree = fields.Number(OffsetSize);
        if (heapAt == _bytes.Undefined || tree == _bytes.Undefined) return;
        string what = $"the links of group '{group}'";
        Hdf5FractalHeap heap = new(_bytes, heapAt, what);
        foreach ((byte[] record, _) in Hdf5Tree2.Records(_bytes, tree, ByName, what))
        {
            Hdf5Fields link = new(heap.Object(record.AsSpan(HashSize)), _bytes.Place(what, heapAt));
            TakeLink(ref link, group, softLinks);
        }
    }

    private void TakeLink(ref Hdf5Fields fields, string group, Dictionary<string, string> softLinks)
    {
        fields.Skip(1);
        byte flags = fields.Byte();
        byte type = (flags & 8) != 0 ? fields.Byte() : HardLink;
        fields.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        string name = fields.Text(fields.Number(1 << (flags & 3)));
        switch (type)
        {
            case HardLink:
                _objects.Enqueue((fields.Number(OffsetSize), Join(group, name)));
                break;
            case SoftLink:
                softLinks.TryAdd(name, fields.Text(fields.UInt16()));
                break;
            case ExternalLink:
                throw new AtlException(
                    $"{_path}: '{Join(group, name)}' is a link to another file, expected all in one file");
        }
    }

    // A name that stands for names of the same group needs no reading, so that the stream would not see a circle.
    private void CheckSoftLinks(Dictionary<string, string> links, string group)
    {
        foreach (string first in links.Keys)
        {
            string name = first;
            for (int steps = 0; links.TryGetValue(name, out string? target); steps++)
            {
                if (steps > links.Count) throw new AtlException(
                    $"{_path}: the link '{Join(group, first)}' leads back to itself");
                name = target.Split('/')[0];
            }
        }
    }

    // A group of the old format: a tree of nodes whose leaves are lists of names and addresses.
    private void CheckSymbols(ulong tree, ulong heap, string group)
    {
        if (!_visited.Add(tree)) return;
        byte[] names = ReadHeap(heap, group);
        long members = 0, used = 0;
        Stack<ulong> nodes = new([tree]);
        while (nodes.TryPop(out ulong at))
        {
            string what = $"the index of group '{group}'", place = _bytes.Place(what, at);
            int headLength = 8 + 2 * OffsetSize;
            Hdf5Fields head = new(_bytes.Read(_bytes.At(at), (ulong)headLength, what), place);
            head.Expect("TREE"u8);
            head.Skip(1);
            byte level = head.Byte();
            int entries = head.UInt16();
            Hdf5Fields body =
                new(_bytes.Read(_bytes.At(at) + (ulong)headLength, (ulong)(entries * (LengthSize + OffsetSize)),
                what), place);
            for (int i = 0; i < entries; i++)
            {
                body.Skip(LengthSize);
                ulong child = body.Number(OffsetSize);
                if (!_visited.Add(child)) throw new AtlException($"{place} leads twice to byte {child} (damaged)");
                if (level > 0) nodes.Push(child);
                else CheckSymbolNode(child, names, group, ref members, ref used);
            }
        }
        // PureHDF reads all names for each member, and for each step of a search. What no name uses has its limit.
        const long MostUnused = 1 << 16;
        const int SearchSteps = 32;
        _bytes.File.Expect(Math.Min(names.Length, 2 * used + MostUnused) * (2 * members + SearchSteps));
    }

    private void CheckSymbolNode(ulong at, byte[] names, string group, ref long members, ref long used)
    {
        string what = $"the list of names of group '{group}'", place = _bytes.Place(what, at);
        Hdf5Fields head = new(_bytes.Read(_bytes.At(at), 8, what), place);
        head.Expect("SNOD"u8);
        head.Skip(2);
        int count = head.UInt16(), size = 2 * OffsetSize + 8 + ScratchSize;
        Hdf5Fields body = new(_bytes.Read(_bytes.At(at) + 8, (ulong)(count * size), what), place);
        for (int i = 0; i < count; i++)
        {
            ulong name = body.Number(OffsetSize), address = body.Number(OffsetSize);
            if (name >= (ulong)names.Length || names.AsSpan((int)name).IndexOf((byte)0) is var length && length < 0)
                throw new AtlException($"{place} gives a name at byte {name} of {names.Length} (damaged)");
            (members, used) = (members + 1, used + length + 1);
            CheckScratch(ref body);
            if (address != _bytes.Undefined) _objects.Enqueue((address,
                Join(group, Encoding.UTF8.GetString(names.AsSpan((int)name, length)))));
        }
    }

    // An entry of a group's index may repeat where the members of its object are.
    private void CheckScratch(ref Hdf5Fields fields)
    {
        const uint Group = 1;
        uint kind = fields.UInt32();
        fields.Skip(4);
        Hdf5Fields scratch = new(fields.Take(ScratchSize), fields.Place);
        if (kind == Group) CheckSymbols(scratch.Number(OffsetSize), scratch.Number(OffsetSize), "");
    }

    private byte[] ReadHeap(ulong heap, string group)
    {
        string what = $"the heap of group '{group}'";
        Hdf5Fields fields = new(_bytes.Read(_bytes.At(heap), (ulong)(8 + 2 * LengthSize + OffsetSize), what),
            _bytes.Place(what, heap));
        fields.Expect("HEAP"u8);
        fields.Skip(4);
        ulong size = fields.Number(LengthSize);
        fields.Skip(LengthSize);
        return _bytes.Read(_bytes.At(fields.Number(OffsetSize)), size, what);
    }

    private static string Join(string group, string name) => group.Length == 0 || group == "/" ? name
        : $"{group}/{name}";
}
