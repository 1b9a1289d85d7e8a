using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// The markers of a JPEG (ITU-T T.81, annex B), to recognize a truncated one. Whatever follows the
/// image (as a motion photo's film) does not matter, and an end marker is not needed where all blocks are there.
/// Decoders fill what is missing with gray and say nothing.
/// </summary>
internal ref struct JpegFile
{
    private const byte Marker = 0xFF, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, HuffmanTables = 0xC4,
        Restarts = 0xDD;
    private const byte Baseline = 0xC0, Extended = 0xC1, Progressive = 0xC2, JpegExtension = 0xC8,
        ArithmeticConditions = 0xCC;
    private const byte FirstFrame = 0xC0, LastFrame = 0xCF, FirstRestart = 0xD0, Temporary = 0x01;
    private const int LengthBytes = 2, Lengths = 16, Tables = 4;

    // A scan of a few bytes goes over all blocks. Encoders write about ten; so many of the largest image, or more of
    // a small one, are read in seconds.
    private const long MostScansOfLargest = 100;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly JpegHuffmanTable?[] _means = new JpegHuffmanTable?[Tables],
        _others = new JpegHuffmanTable?[Tables];
    private JpegFrame? _frame;
    private int _at = 2, _restartInterval, _scans;

    private JpegFile(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether bytes begin as a JPEG does.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([Marker, StartOfImage]);

    /// <summary>The extents in the first frame header; null if there is none.</summary>
    public static ImageHeader? Size(ReadOnlySpan<byte> bytes)
    {
        JpegFile file = new(bytes);
        while (file.NextMarker() is >= 0 and not (StartOfScan or EndOfImage) and var marker)
        {
            if (marker is Temporary or (>= FirstRestart and <= StartOfImage)) continue;
            if (file.NextContent(out ReadOnlySpan<byte> content) is false) return null;
            if (marker is < FirstFrame or > LastFrame or HuffmanTables or JpegExtension or ArithmeticConditions)
                continue;
            return content.Length < 5
                ? null
                : new(BinaryPrimitives.ReadUInt16BigEndian(content[3..]),
                    BinaryPrimitives.ReadUInt16BigEndian(content[1..]));
        }
        return null;
    }

    /// <summary>
    /// The image from its begin to an end marker, without anything after it; empty if it is truncated. An image of
    /// one scan with an end marker right after the scan and nothing after that is taken for whole; else the blocks of
    /// all scans are gone through.
    /// </summary>
    /// <exception cref="AtlException">The image has so many scans that it would take minutes to decode.</exception>
    public static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> bytes)
    {
        JpegFile file = new(bytes);
        if (file.Walk(trustEnd: true)) return [];
        return bytes[file._at..].SequenceEqual<byte>([Marker, EndOfImage]) ? bytes
            : (byte[])[.. bytes[..file._at], Marker, EndOfImage];
    }

    /// <summary>Whether blocks are missing, whatever markers there are.</summary>
    public static bool LacksBlocks(ReadOnlySpan<byte> bytes) => new JpegFile(bytes).Walk(trustEnd: false);

    // Whether the image breaks off; where not, stops at its end.
    private bool Walk(bool trustEnd)
    {
        while (true)
        {
            int marker = NextMarker();
            // A second image does not make up for what the first one lacks.
            if (marker is < 0 or StartOfImage) return _frame is not { IsComplete: true };
            if (marker == EndOfImage) return _frame is not { IsShown: true };
            if (marker is Temporary or (>= FirstRestart and < StartOfImage)) continue;
            if (!NextContent(out ReadOnlySpan<byte> content)) return true;
            switch (marker)
            {
                case Baseline or Extended or Progressive:
                    if (JpegFrame.Parse(content, marker == Progressive) is not { } frame) return LacksEnd();
                    _frame = frame;
                    break;
                case HuffmanTables:
                    if (!TryTakeTables(content)) return true;
                    break;
                case >= FirstFrame and <= LastFrame and not (JpegExtension or ArithmeticConditions):
                    return LacksEnd();
                case Restarts when content.Length >= sizeof(ushort):
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(content);
                    break;
                case StartOfScan:
                    CountScan();
                    if (ScanOf(content) is not { } scan) return LacksEnd();
                    if (trustEnd && scan.IsWhole && EndsWithScan())
                    {
                        _at = _bytes.Length - 2;
                        return false;
                    }
                    JpegBits bits = new(_bytes, _at);
                    if (!scan.TryRead(ref bits)) return true;
                    _at = bits.Position;
                    if (_frame!.IsComplete) return IsPadding();
                    break;
                default:
                    break;
            }
        }
    }

    // The next marker's second byte, and moves behind it; -1 at the end. Decoders ignore bytes that are none.
    private int NextMarker()
    {
        while (_at < _bytes.Length && _bytes[_at..].IndexOf(Marker) is >= 0 and var skipped)
        {
            _at += skipped;
            while (_at < _bytes.Length && _bytes[_at] == Marker) _at++;
            if (_at < _bytes.Length && _bytes[_at++] is not 0 and var marker) return marker;
        }
        return -1;
    }

    // What the marker's length covers, and moves behind it; false where the bytes end before.
    private bool NextContent(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (_at + LengthBytes > _bytes.Length) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[_at..]);
        if (length < LengthBytes || _at + length > _bytes.Length) return false;
        content = _bytes.Slice(_at + LengthBytes, length - LengthBytes);
        _at += length;
        return true;
    }

    private void CountScan()
    {
        if (_frame is null || ++_scans * _frame.Pixels <= MostScansOfLargest * ImageLimits.MaxPixels) return;
        throw new AtlException($"a JPEG of {_scans} scans or more, "
            + $"expected at most {MostScansOfLargest * ImageLimits.MaxPixels / _frame.Pixels} for its "
            + $"{_frame.Pixels} pixels");
    }

    private readonly bool TryTakeTables(ReadOnlySpan<byte> content)
    {
        while (content.Length > Lengths)
        {
            int kind = content[0] >> 4, number = content[0] & 15, symbols = 0;
            ReadOnlySpan<byte> counts = content.Slice(1, Lengths);
            foreach (byte count in counts) symbols += count;
            if (kind > 1 || number >= Tables || content.Length < 1 + Lengths + symbols) return false;
            if (JpegHuffmanTable.Create(counts, content.Slice(1 + Lengths, symbols)) is not { } table) return false;
            (kind == 0 ? _means : _others)[number] = table;
            content = content[(1 + Lengths + symbols)..];
        }
        return true;
    }

    // Null where the scan cannot be gone through.
    private readonly JpegScan? ScanOf(ReadOnlySpan<byte> header)
    {
        if (_frame is null || header.IsEmpty || header.Length < 4 + (2 * header[0]) || header[0] == 0) return null;
        int count = header[0];
        JpegComponent[] components = new JpegComponent[count];
        JpegHuffmanTable?[] means = new JpegHuffmanTable?[count], others = new JpegHuffmanTable?[count];
        ReadOnlySpan<byte> band = header[(1 + (2 * count))..];
        int first = _frame.Progressive ? band[0] : 0, last = _frame.Progressive ? band[1] : JpegFrame.Coefficients - 1;
        (int before, int missing) = _frame.Progressive ? (band[2] >> 4, band[2] & 15) : (0, 0);
        if (last >= JpegFrame.Coefficients || first > last || (first > 0 && count > 1)) return null;
        for (int i = 0; i < count; i++)
        {
            byte id = header[1 + (2 * i)], tables = header[2 + (2 * i)];
            if (_frame.Components.FirstOrDefault(component => component.Id == id) is not { } component) return null;
            (components[i], means[i], others[i]) = (component, _means[tables >> 4 & 3], _others[tables & 3]);
            bool needsMeans = first == 0 && before == 0, needsOthers = first > 0 || !_frame.Progressive;
            if ((needsMeans && means[i] is null) || (needsOthers && others[i] is null)) return null;
        }
        return new JpegScan(_frame, components, means, others)
        {
            First = first,
            Last = last,
            Refines = before > 0,
            MissingBits = missing,
            RestartInterval = _restartInterval,
        };
    }

    // Whether the scan's data end in an end marker with nothing behind it.
    private readonly bool EndsWithScan()
    {
        if (_at > _bytes.Length - 2 || !_bytes.EndsWith<byte>([Marker, EndOfImage])) return false;
        ReadOnlySpan<byte> data = _bytes[_at..^2];
        while (data.IndexOf(Marker) is >= 0 and var at)
        {
            data = data[(at + 1)..];
            // Fill bytes may stand before a marker.
            if (!data.IsEmpty && data[0] is not (0 or Marker or (>= FirstRestart and < StartOfImage))) return false;
        }
        return true;
    }

    // Whether blocks were read from the zeros at the file's end, as where a download stopped in a file of full length:
    // data end in a byte that is not zero, but for the zero that belongs to a byte FF.
    private readonly bool IsPadding()
    {
        int zeros = _bytes.LastIndexOfAnyExcept((byte)0) + 1;
        return _at > (_bytes[zeros - 1] == Marker ? zeros + 1 : zeros) && _at < _bytes.Length;
    }

    // Kinds of JPEG whose blocks are not gone through: an end marker must follow the last scan.
    private bool LacksEnd()
    {
        _at = _bytes.Length;
        return _bytes.LastIndexOf<byte>([Marker, EndOfImage]) <= _bytes.LastIndexOf<byte>([Marker, StartOfScan]);
    }
}
