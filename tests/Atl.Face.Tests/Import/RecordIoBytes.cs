using System.Buffers.Binary;

namespace Atl.Face.Tests.Import;

/// <summary>Writes RecordIO files for tests, by the description of the format.</summary>
internal static class RecordIoBytes
{
    public const uint Magic = 0xced7230a;

    /// <summary>A record of one part.</summary>
    public static byte[] Whole(byte[] content) => Part(0, content);

    /// <summary>A part of a record: 0 whole, 1 first, 2 middle, 3 last.</summary>
    public static byte[] Part(uint chain, byte[] content)
    {
        byte[] part = new byte[8 + (content.Length + 3) / 4 * 4];
        BinaryPrimitives.WriteUInt32LittleEndian(part, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(part.AsSpan(4), (chain << 29) | (uint)content.Length);
        content.CopyTo(part, 8);
        return part;
    }

    /// <summary>insightface's head with its labels, and an image.</summary>
    public static byte[] Headed(float[] labels, byte[] picture, bool flagged = false)
    {
        bool many = flagged || labels.Length != 1;
        byte[] content = new byte[24 + (many ? 4 * labels.Length : 0) + picture.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(content, many ? (uint)labels.Length : 0);
        if (many)
            for (int i = 0; i < labels.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(24 + 4 * i), labels[i]);
        else
            BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(4), labels[0]);
        picture.CopyTo(content, content.Length - picture.Length);
        return content;
    }
}
