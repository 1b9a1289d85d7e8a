using System.Buffers.Binary;
using System.Text;

namespace Atl.TestSupport;

/// <summary>Reads an event file by the rules of its format alone: framing with checksums, then protobuf's wire
/// format.</summary>
public static class EventFile
{
    public static List<EventRecord> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        List<EventRecord> events = [];
        for (int at = 0; at < file.Length;)
        {
            ReadOnlySpan<byte> rest = file.AsSpan(at);
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]), Is.EqualTo(Masked(rest[..8])),
                $"checksum of the length at {at}");
            byte[] content = rest.Slice(12, length).ToArray();
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]), Is.EqualTo(Masked(content)),
                $"checksum of the content at {at}");
            events.Add(Event(content));
            at += 16 + length;
        }
        return events;
    }

    // CRC-32C bit by bit, reflected polynomial 0x82F63B78.
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes) =>
        unchecked(((Crc(bytes) >> 15) | (Crc(bytes) << 17)) + 0xa282ead8u);

    private static EventRecord Event(byte[] message)
    {
        EventRecord record = new();
        foreach ((int field, ulong number, byte[] bytes) in Fields(message))
            switch (field)
            {
                case 1: record.Time = BitConverter.UInt64BitsToDouble(number); break;
                case 2: record.Step = (long)number; break;
                case 3: record.Version = Encoding.UTF8.GetString(bytes); break;
                case 5:
                    foreach ((_, _, byte[] value) in Fields(bytes)) AddValue(record, value);
                    break;
                case 7: record.Starts = Fields(bytes).Any(log => log is (1, 1, _)); break;
            }
        return record;
    }

    private static void AddValue(EventRecord record, byte[] message)
    {
        List<(int Field, ulong Number, byte[] Bytes)> fields = Fields(message);
        string tag = Encoding.UTF8.GetString(fields.Single(field => field.Field == 1).Bytes);
        foreach ((int field, ulong number, byte[] bytes) in fields)
            switch (field)
            {
                case 2: record.Scalars[tag] = BitConverter.UInt32BitsToSingle((uint)number); break;
                case 4: record.Images[tag] = Fields(bytes).Single(part => part.Field == 4).Bytes; break;
                case 5: record.Histograms[tag] = (Double(bytes, 3), Doubles(bytes, 6), Doubles(bytes, 7)); break;
            }
    }

    private static double Double(byte[] message, int field) =>
        BitConverter.UInt64BitsToDouble(Fields(message).Single(part => part.Field == field).Number);

    private static double[] Doubles(byte[] message, int field) =>
        [.. Fields(message).Single(part => part.Field == field).Bytes.Chunk(8)
        .Select(part => BinaryPrimitives.ReadDoubleLittleEndian(part))];

    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        List<(int, ulong, byte[])> fields = [];
        for (int at = 0; at < message.Length;)
        {
            ulong key = Varint(message, ref at), number = 0;
            byte[] bytes = [];
            switch (key & 7)
            {
                case 0: number = Varint(message, ref at); break;
                case 1: number = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)); at += 8; break;
                case 5: number = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)); at += 4; break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    bytes = message.AsSpan(at, length).ToArray();
                    at += length;
                    break;
                default: throw new AssertionException($"wire type {key & 7}");
            }
            fields.Add(((int)(key >> 3), number, bytes));
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
        }
    }
}

/// <summary>One event.</summary>
public sealed class EventRecord
{
    public double Time { get; set; }

    public long Step { get; set; }

    public string? Version { get; set; }

    public bool Starts { get; set; }

    public Dictionary<string, float> Scalars { get; } = [];

    public Dictionary<string, byte[]> Images { get; } = [];

    public Dictionary<string, (double Count, double[] Limits, double[] Counts)> Histograms { get; } = [];
}
