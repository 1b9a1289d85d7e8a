using System.Buffers.Binary;
using System.IO.Compression;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the chunks of a PNG file, whose lengths and checks stay right; pixels are damaged before they are
/// compressed.</summary>
internal sealed class PngMutator : Mutator
{
    private const int SignatureBytes = 8, HeadBytes = 8, CheckBytes = 4;
    private const string Pixels = "IDAT";

    private static readonly ByteMutator Raw = new();
    private static readonly string[] Types =
        ["IHDR", "PLTE", Pixels, "IEND", "tRNS", "gAMA", "eXIf", "tEXt", "acTL", "fcTL"];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        List<(string Type, byte[] Content)> chunks = Split(data);
        if (chunks.Count == 0) return Raw.Mutate(data, random);
        int one = random.Next(chunks.Count), other = random.Next(chunks.Count);
        (string type, byte[] content) = chunks[one];
        switch (random.Next(8))
        {
            case 0:
                chunks.RemoveAt(one);
                break;
            case 1:
                chunks.Insert(other, chunks[one]);
                break;
            case 2:
                (chunks[one], chunks[other]) = (chunks[other], chunks[one]);
                break;
            case 3:
                chunks[one] = (Types[random.Next(Types.Length)], content);
                break;
            case 4 when chunks[0].Content.Length >= 13:
                byte[] header = [.. chunks[0].Content];
                int field = random.Next(7);
                Span<byte> place = field < 2 ? header.AsSpan(4 * field, 4) : header.AsSpan(6 + field, 1);
                InterestingNumbers.Change(place, true, random);
                chunks[0] = (chunks[0].Type, header);
                break;
            case 5 or 6 when type == Pixels && Inflate(content) is { } pixels:
                chunks[one] = (type, Deflate(Raw.Mutate(pixels, random)));
                break;
            default:
                chunks[one] = (type, Raw.Mutate(content, random));
                break;
        }
        return [.. data[..SignatureBytes], .. chunks.SelectMany(chunk => Join(chunk.Type, chunk.Content))];
    }

    private static List<(string Type, byte[] Content)> Split(byte[] data)
    {
        List<(string, byte[])> chunks = [];
        for (int at = SignatureBytes; at + HeadBytes <= data.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at));
            if (length < 0 || length > data.Length - at - HeadBytes) break;
            chunks.Add((string.Concat(data.Skip(at + 4).Take(4).Select(letter => (char)letter)),
                data[(at + HeadBytes)..(at + HeadBytes + length)]));
            at += HeadBytes + length + CheckBytes;
        }
        return chunks;
    }

    private static byte[] Join(string type, byte[] content)
    {
        byte[] named = [.. type.Select(letter => (byte)letter), .. content],
            chunk = new byte[HeadBytes + content.Length + CheckBytes];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + named.Length), Crc.Png.Of(named));
        return chunk;
    }

    private static byte[]? Inflate(byte[] content)
    {
        try
        {
            using ZLibStream stream = new(new MemoryStream(content), CompressionMode.Decompress);
            using MemoryStream pixels = new();
            stream.CopyTo(pixels);
            return pixels.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Deflate(byte[] pixels)
    {
        using MemoryStream content = new();
        using (ZLibStream stream = new(content, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(pixels);
        return content.ToArray();
    }
}
