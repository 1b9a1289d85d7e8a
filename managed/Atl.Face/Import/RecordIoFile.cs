using System.Buffers.Binary;
using System.Globalization;
using Atl.Data;
using Atl.Proto;
using Microsoft.Win32.SafeHandles;

namespace Atl.Face.Import;

/// <summary>
/// A RecordIO file of MXNet, as insightface's data sets come (train.rec). A record is a chain of parts: the number
/// 0xced7230a, a word with the part's place in the chain (upper 3 bits: 0 whole, 1 first, 2 middle, 3 last) and its
/// length, and so many bytes, filled up to a multiple of 4; between two parts of one record stands the number itself.
/// All numbers are little-endian. (dmlc-core's recordio.h.)
/// </summary>
internal sealed class RecordIoFile : IDisposable
{
    private const uint Magic = 0xced7230a;
    private const int HeaderBytes = 8;
    private const int LengthBits = 29;

    private readonly SafeFileHandle _file;
    private readonly long _length;

    /// <summary>Opens a file.</summary>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public RecordIoFile(string path)
    {
        Path = path;
        _file = UserFile.Guarded(path, "a RecordIO file",
            () => File.OpenHandle(path, options: FileOptions.RandomAccess));
        _length = RandomAccess.GetLength(_file);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Finds the positions at which records begin, by reading through the file.</summary>
    /// <exception cref="AtlException">It is no RecordIO file, or is truncated.</exception>
    public IEnumerable<long> Scan()
    {
        for (long at = 0; at < _length;)
        {
            long record = at;
            uint chain;
            do
            {
                (chain, long bytes) = Part(at);
                at += HeaderBytes + Filled(bytes);
            }
            while (chain is 1 or 2);
            yield return record;
        }
    }

    /// <summary>The keys and places of an index file: lines of a number, a tab and the place in bytes; by
    /// key.</summary>
    /// <param name="index">The index file.</param>
    /// <param name="refuse">
    /// Called with the number of each line that does not fit, or at whose place no record begins, and what is wrong.
    /// </param>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public IReadOnlyList<(long Key, long Offset)> ReadIndex(string index, Action<int, string> refuse)
    {
        List<(long Key, long Offset)> places = [];
        HashSet<long> taken = [];
        int line = 0;
        foreach (string text in TextLines.Each(index, "the index of a RecordIO file"))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            string place = $"{index}:{line}";
            string[] parts = text.Split('\t', ' ');
            if (parts.Length != 2
                || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long key)
                || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
                refuse(line, $"{place}: found '{text}', expected a record's number, a tab and its position in bytes");
            else if (offset > _length - HeaderBytes)
                refuse(line, $"{place}: record {key} should be at byte {offset}, but {Path} has {_length} bytes");
            else if (FaultOfBeginning(offset) is { } fault)
                refuse(line, $"{place}: record {key} is not at the index's position: {fault}");
            else if (!taken.Add(offset))
                refuse(line, $"{place}: record {key} should be at byte {offset}, but another one is there");
            else
                places.Add((key, offset));
        }
        places.Sort();
        return places;
    }

    /// <summary>
    /// The first bytes of the record at a place, as many as its first part has at most, and whether there are more. May
    /// be called by many threads.
    /// </summary>
    /// <exception cref="AtlException">There is no record.</exception>
    public (byte[] Bytes, bool More) ReadHead(long offset, int count)
    {
        (uint chain, long bytes) = Part(offset);
        byte[] head = new byte[Math.Min(count, bytes)];
        ReadExactly(offset + HeaderBytes, head);
        return (head, bytes > count || chain != 0);
    }

    /// <summary>The record at a place. May be called by many threads.</summary>
    /// <exception cref="AtlException">There is none, or it is truncated.</exception>
    public byte[] ReadRecord(long offset)
    {
        List<(long At, long Bytes)> parts = [];
        long at = offset, length = 0;
        uint chain;
        do
        {
            (chain, long bytes) = Part(at);
            bool continues = parts.Count > 0;
            if (!continues && chain is 2 or 3)
                throw new AtlException(
                    $"{Path}: byte {offset} is in the middle of a record, expected the beginning of one");
            if (continues && chain is 0 or 1)
                throw new AtlException(
                    $"{Path}: the record at byte {offset} ends at byte {at}, expected its next part");
            parts.Add((at + HeaderBytes, bytes));
            length += bytes + (continues ? sizeof(uint) : 0);
            at += HeaderBytes + Filled(bytes);
        }
        while (chain is 1 or 2);
        if (length > Array.MaxLength) throw new AtlException(
            $"{Path}: the record at byte {offset} has {length} bytes, expected an image");
        byte[] record = new byte[length];
        Span<byte> rest = record;
        for (int i = 0; i < parts.Count; i++)
        {
            if (i > 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(rest, Magic);
                rest = rest[sizeof(uint)..];
            }
            ReadExactly(parts[i].At, rest[..(int)parts[i].Bytes]);
            rest = rest[(int)parts[i].Bytes..];
        }
        return record;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private string? FaultOfBeginning(long offset)
    {
        try
        {
            Part(offset);
            return null;
        }
        catch (AtlException e)
        {
            return e.Message;
        }
    }

    private static long Filled(long bytes) => (bytes + 3) & ~3L;

    private (uint Chain, long Bytes) Part(long offset)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        ReadExactly(offset, header);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header),
            word = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (magic != Magic)
            throw new AtlException($"{Path}: found 0x{magic:x8} at byte {offset}, expected a record of RecordIO "
                + $"(0x{Magic:x8})");
        (uint chain, long bytes) = (word >> LengthBits, word & ((1u << LengthBits) - 1));
        if (chain > 3)
            throw new AtlException($"{Path}: the record at byte {offset} has a part of kind {chain}, expected 0 to 3");
        if (bytes > _length - offset - HeaderBytes)
            throw new AtlException($"{Path}: truncated, the record at byte {offset} has {bytes} bytes, but "
                + $"{_length - offset - HeaderBytes} follow");
        return (chain, bytes);
    }

    private void ReadExactly(long offset, Span<byte> bytes) => PositionedRead.Exactly(_file, Path, bytes, offset);
}
