using System.Buffers.Binary;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the segments of a JPEG file, whose lengths stay right, and to what follows them.</summary>
internal sealed class JpegMutator : Mutator
{
    private static readonly ByteMutator Raw = new();

    // Frames, tables, scans, restarts, Exif, comments.
    private static readonly byte[] Markers =
        [0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC9, 0xDB, 0xDA, 0xDD, 0xD9, 0xE0, 0xE1, 0xEE, 0xFE];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        List<(byte Marker, byte[] Content)> segments = [];
        int at = 2;
        while (at + 4 <= data.Length && data[at] == 0xFF)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at + 2));
            if (length < 2 || at + 2 + length > data.Length) break;
            segments.Add((data[at + 1], data[(at + 4)..(at + 2 + length)]));
            at += 2 + length;
            if (segments[^1].Marker == 0xDA) break;
        }
        byte[] scan = data[Math.Min(at, data.Length)..];
        if (segments.Count == 0) return Raw.Mutate(data, random);
        int one = random.Next(segments.Count), other = random.Next(segments.Count);
        switch (random.Next(8))
        {
            case 0:
                segments.RemoveAt(one);
                break;
            case 1:
                segments.Insert(other, segments[one]);
                break;
            case 2:
                (segments[one], segments[other]) = (segments[other], segments[one]);
                break;
            case 3:
                segments[one] = (Markers[random.Next(Markers.Length)], segments[one].Content);
                break;
            case 4 or 5:
                scan = Raw.Mutate(scan, random);
                break;
            default:
                segments[one] = (segments[one].Marker, Raw.Mutate(segments[one].Content, random));
                break;
        }
        return [.. data[..Math.Min(2, data.Length)],
            .. segments.SelectMany(segment => Join(segment.Marker, segment.Content)), .. scan];
    }

    private static byte[] Join(byte marker, byte[] content)
    {
        ushort length = (ushort)Math.Min(content.Length + 2, ushort.MaxValue);
        return [0xFF, marker, (byte)(length >> 8), (byte)length, .. content];
    }
}
