using System.Globalization;
using System.Text;
using Atl.Proto;
using Microsoft.Win32.SafeHandles;

namespace Atl.Face.Import;

/// <summary>
/// The files in a tar archive, and where their bytes are: old (V7), ustar and pax archives, and GNU's with its long
/// names. Every size that a header claims is compared with the archive's before anything is read.
/// </summary>
internal static class TarEntries
{
    private const int Block = 512;

    // Names take some hundred bytes.
    private const long LongestExtension = 1 << 20;

    private const int NameAt = 0, NameLength = 100, SizeAt = 124, NumberLength = 12, ChecksumAt = 148,
        ChecksumLength = 8, TypeAt = 156, LinkAt = 157, LinkLength = 100,
        MagicAt = 257, PrefixAt = 345, PrefixLength = 155, SparseMoreAt = 482, SparseBlockMoreAt = 504;

    // Pax records of files that GNU's tar packs without their zeros: the packed file has a name of its own.
    private const string SparseRecord = "GNU.sparse.", SparseName = "GNU.sparse.name";

    private const byte Pax = (byte)'x', GlobalPax = (byte)'g', LongName = (byte)'L', LongLink = (byte)'K',
        Sparse = (byte)'S', HardLink = (byte)'1', Folder = (byte)'5', ListedFolder = (byte)'D', Volume = (byte)'V';

    private static ReadOnlySpan<byte> PosixMagic => "ustar\0"u8;

    /// <summary>Goes through an archive. The last file may be truncated with it: its bytes then end beyond the
    /// archive's.</summary>
    /// <param name="path">The archive's name.</param>
    /// <param name="archive">The archive.</param>
    /// <exception cref="AtlException">It is no tar archive, or damaged: the message names the byte.</exception>
    public static IEnumerable<TarEntry> Read(string path, SafeFileHandle archive)
    {
        long length = RandomAccess.GetLength(archive);
        byte[] header = new byte[Block];
        string? longName = null, longLink = null;
        Dictionary<string, string> pax = [];
        Dictionary<string, TarEntry> files = [];
        for (long at = 0; at < length;)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{path}: at byte {at}");
            if (length - at < Block) throw new AtlException(
                $"{place}: truncated, or no tar archive: {length - at} bytes, expected a header of {Block}");
            PositionedRead.Exactly(archive, place, header, at);
            // Blocks of zeros end an archive; another one may be joined to it.
            if (header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                at += Block;
                continue;
            }
            CheckSum(header, place);
            byte type = header[TypeAt];
            long size = pax.TryGetValue("size", out string? written) ? PaxSize(written, place)
                : Number(header.AsSpan(SizeAt, NumberLength), place, "size");
            long data = at + Block;
            bool isExtension = type is Pax or GlobalPax or LongName or LongLink;
            if (isExtension)
            {
                if (size > LongestExtension || size > length - data)
                    throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                        $"{place}: a name or extended header claims {size} bytes, expected at most "
                            + $"{Math.Min(LongestExtension, length - data)} (damaged)"));
                byte[] extension = new byte[size];
                PositionedRead.Exactly(archive, place, extension, data);
                if (type == LongName) longName = Text(extension);
                else if (type == LongLink) longLink = Text(extension);
                else if (type == Pax) pax = Records(extension, place);
            }
            else
            {
                bool isSparse = type == Sparse
                    || pax.Keys.Any(key => key.StartsWith(SparseRecord, StringComparison.Ordinal));
                if (type == Sparse) data = AfterSparseMap(archive, header, data, length, place);
                string name = pax.GetValueOrDefault(SparseName) ?? pax.GetValueOrDefault("path") ?? longName
                    ?? Name(header);
                if (isSparse)
                {
                    yield return Refused("a sparse file, packed without its zeros",
                        "a whole file (tar without --sparse)");
                }
                else if (IsFile(type, name))
                {
                    yield return files[name] = new TarEntry(name, data, size);
                }
                else if (type is >= HardLink and <= (byte)'6')
                {
                    size = 0;
                    string link = pax.GetValueOrDefault("linkpath") ?? longLink
                        ?? Text(header.AsSpan(LinkAt, LinkLength));
                    if (type == HardLink && files.TryGetValue(link, out TarEntry linked))
                        yield return files[name] = linked with { Name = name };
                    else if (type != Folder)
                        yield return Refused(Kind(type, link), "a file");
                }
                else if (type is not (0 or ListedFolder or Volume))
                {
                    yield return Refused($"an entry of type {Show(type)}", "a file");
                }
                (longName, longLink, pax) = (null, null, []);

                TarEntry Refused(string found, string expected) =>
                    new(name, data, 0, $"{place}: '{PathText.Show(name)}' is {found}, expected {expected}");
            }
            if (size > length - data) yield break;
            at = Math.Min(length, data + (size + Block - 1) / Block * Block);
        }
    }

    private static string Kind(byte type, string link) => type switch
    {
        HardLink => $"a link to '{PathText.Show(link)}', which is not in the archive before it",
        (byte)'2' => $"a symbolic link to '{PathText.Show(link)}'",
        (byte)'6' => "a named pipe",
        _ => "a device",
    };

    // GNU's tar goes on with a file from another archive in an entry of a type of its own.
    private static string Show(byte type) => type == (byte)'M' ? "'M', the rest of a file of another volume"
        : type is > 0x20 and < 0x7F ? $"'{(char)type}'" : FormattableString.Invariant($"0x{type:x2}");

    // A folder of the oldest archives is a file whose name ends in a slash.
    private static bool IsFile(byte type, string name) => type is (byte)'0' or (byte)'7'
        || (type == 0 && !name.EndsWith('/'));

    private static void CheckSum(ReadOnlySpan<byte> header, string place)
    {
        long stored = Number(header.Slice(ChecksumAt, ChecksumLength), place, "checksum"), plain = 0, signed = 0;
        for (int i = 0; i < header.Length; i++)
        {
            byte value = i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? (byte)' ' : header[i];
            plain += value;
            signed += (sbyte)value;
        }
        if (stored != plain && stored != signed)
            throw new AtlException(
                $"{place}: damaged, or not a tar archive (unpack compressed ones first): the header does not match its "
                    + "checksum");
    }

    // Octal digits, or from the highest bit on a number of big-endian bytes.
    private static long Number(ReadOnlySpan<byte> field, string place, string what)
    {
        Int128 number = 0;
        if ((field[0] & 0x80) != 0)
        {
            number = field[0] & 0x7F;
            foreach (byte b in field[1..]) number = (number << 8) | b;
        }
        else
        {
            foreach (byte b in field.Trim(" \0"u8))
            {
                if (b is < (byte)'0' or > (byte)'7') throw Wrong();
                number = (number << 3) | (byte)(b - '0');
            }
        }
        return number <= long.MaxValue / 2 ? (long)number : throw Wrong();

        AtlException Wrong() =>
            new($"{place}: damaged, or no tar archive (compressed ones are unpacked first): the {what} in the "
                + "header is no number of bytes");
    }

    private static long PaxSize(string text, string place) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= long.MaxValue / 2
            ? size
            : throw new AtlException(
                $"{place}: damaged: the extended header gives the size '{text}', expected a number of bytes");

    private static string Name(ReadOnlySpan<byte> header)
    {
        string name = Text(header.Slice(NameAt, NameLength));
        bool isPosix = header[MagicAt..].StartsWith(PosixMagic);
        string prefix = isPosix ? Text(header.Slice(PrefixAt, PrefixLength)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    // Lines of a length in digits, a blank, key=value; the length counts all of the line.
    private static Dictionary<string, string> Records(ReadOnlySpan<byte> bytes, string place)
    {
        Dictionary<string, string> records = [];
        while (!bytes.IsEmpty && bytes[0] != 0)
        {
            int blank = bytes.IndexOf((byte)' ');
            if (blank <= 0 || !int.TryParse(bytes[..blank], NumberStyles.None, CultureInfo.InvariantCulture,
                out int length)
                || length <= blank || length > bytes.Length || bytes[length - 1] != '\n'
                || bytes[(blank + 1)..(length - 1)].IndexOf((byte)'=') is var equals && equals < 0)
                throw new AtlException(
                    $"{place}: damaged: the extended header holds no lines of a length, a key and a value");
            ReadOnlySpan<byte> record = bytes[(blank + 1)..(length - 1)];
            records[Encoding.UTF8.GetString(record[..equals])] = Encoding.UTF8.GetString(record[(equals + 1)..]);
            bytes = bytes[length..];
        }
        return records;
    }

    // Where GNU's sparse files have more parts than their header holds, blocks of them follow.
    private static long AfterSparseMap(SafeFileHandle archive, byte[] header, long at, long length, string place)
    {
        byte[] block = new byte[Block];
        for (bool more = header[SparseMoreAt] != 0; more; at += Block)
        {
            if (length - at < Block) throw new AtlException($"{place}: truncated in the parts of a sparse file");
            PositionedRead.Exactly(archive, place, block, at);
            more = block[SparseBlockMoreAt] != 0;
        }
        return at;
    }
}
