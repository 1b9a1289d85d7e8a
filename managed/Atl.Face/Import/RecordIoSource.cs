using System.Buffers.Binary;
using System.Globalization;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// The images of a RecordIO file of insightface. A record is a head (a 32-bit flag, a float label, two 64-bit
/// numbers; for a flag above 0 so many floats follow, of which the first is the label) and the encoded image; records
/// without an image, which give the ranges of identities, are ignored.
/// </summary>
internal sealed class RecordIoSource : ImportSource
{
    private const int HeadBytes = 24;

    private readonly RecordIoFile _file;
    private readonly long[] _offsets;

    private RecordIoSource(RecordIoFile file, long[] offsets) => (_file, _offsets) = (file, offsets);

    /// <summary>Finds the images: by the index beside the file (.idx) where there is one, else by going through the
    /// file.</summary>
    /// <exception cref="AtlException">
    /// It holds no image that can be read. Of one that is damaged in part, <see cref="ImportSource.Faults"/> says
    /// what is missing.
    /// </exception>
    public static RecordIoSource Open(string path)
    {
        RecordIoFile file = new(path);
        try
        {
            string index = Path.ChangeExtension(path, ".idx");
            List<ImportItem> items = [];
            List<long> offsets = [];
            List<ImportSkip> faults = [];
            IEnumerable<(long Key, long Offset)> places = File.Exists(index)
                ? file.ReadIndex(index, (line, reason) =>
                    faults.Add(Fault(FormattableString.Invariant($"{index}:{line}"), reason)))
                : UntilDamage(file.Scan(), e => faults.Add(Fault(path, e.Message)))
                    .Select((offset, i) => ((long)i, offset));
            foreach ((long key, long offset) in places)
                try
                {
                    if (ReadLabel(file, key, offset) is not { } label) continue;
                    items.Add(new ImportItem(key.ToString(CultureInfo.InvariantCulture),
                        label.ToString(CultureInfo.InvariantCulture)));
                    offsets.Add(offset);
                }
                catch (AtlException e)
                {
                    faults.Add(Fault(key.ToString(CultureInfo.InvariantCulture), e.Message));
                }
            if (items.Count == 0)
                throw new AtlException(faults is [var first, ..]
                    ? first.Reason
                    : $"{path}{(File.Exists(index) ? $", by {index}" : "")}: no record holds an image");
            return new RecordIoSource(file, [.. offsets]) { Items = items, IsNumbered = true, Faults = faults };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override byte[] Read(int index)
    {
        byte[] record = _file.ReadRecord(_offsets[index]);
        int picture = PictureAt(BinaryPrimitives.ReadUInt32LittleEndian(record));
        return picture < record.Length ? record[picture..]
            : throw new AtlException($"{_file.Path}: record {Items[index].Name} ends before its image");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }

    // The label of a record; null where it has no image.
    private static int? ReadLabel(RecordIoFile file, long key, long offset)
    {
        (byte[] head, bool more) = file.ReadHead(offset, HeadBytes + sizeof(float));
        uint flag = head.Length < HeadBytes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (head.Length < (flag == 0 ? HeadBytes : HeadBytes + sizeof(float)))
            throw new AtlException($"{file.Path}: record {key} has {head.Length} bytes, expected a header of "
                + $"{HeadBytes}, its labels and an image");
        // A record of floats alone has no image.
        if (!more && (flag == 0 ? head.Length == HeadBytes : flag == 1)) return null;
        if (flag > 1 && file.ReadHead(offset, PictureAt(flag)) is { More: false }) return null;
        float label = BinaryPrimitives.ReadSingleLittleEndian(head.AsSpan(flag == 0 ? sizeof(uint) : HeadBytes));
        return label >= 0 && label < int.MaxValue && label == MathF.Floor(label)
            ? (int)label
            : throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{file.Path}: record {key} has the label {label}, expected a whole number from 0"));
    }

    // No data set has more than a few floats; what claims more is no flag.
    private static int PictureAt(uint flag) => HeadBytes + sizeof(float) * (int)Math.Min(flag, 1u << 20);
}
