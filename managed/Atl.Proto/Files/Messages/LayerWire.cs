using System.Text;

namespace Atl.Proto;

/// <summary>
/// The numbers of a binary LayerParameter, which Caffe's dialects use for different messages
/// (<see cref="LayerFieldOwners"/>): field 147 is the margin inner product here, Swish in BVLC's files, CenterLoss in
/// ydwen's. Reading changes the numbers in the file's bytes by the layer's type before they are parsed, writing changes
/// them back; what is some other Caffe's message is kept as bytes and never read as one of Atl's.
/// </summary>
internal static class LayerWire
{
    private const int NetLayer = NetParameter.LayerFieldNumber;
    private const int LayerName = LayerParameter.NameFieldNumber;
    private const int LayerType = LayerParameter.TypeFieldNumber;

    /// <summary>Gives the fields of the layers of a binary net the numbers that the schema has for them.</summary>
    /// <param name="net">The file's bytes.</param>
    /// <param name="note">Receives a line for every layer type and number that are some other Caffe's.</param>
    public static void FromDisk(Span<byte> net, Action<string>? note)
    {
        HashSet<(string, int)> seen = [];
        WireWalker walker = new(net);
        while (walker.Next())
        {
            if (walker is not { Number: NetLayer, Wire: WireWalker.Bytes })
                continue;
            Span<byte> layer = net.Slice(walker.ValueStart, walker.ValueLength);
            string type = TextField(layer, LayerType);
            WireWalker fields = new(layer);
            while (fields.Next())
            {
                if (fields.Wire != WireWalker.Bytes) continue;
                int number = LayerFieldOwners.OnReading(type, fields.Number);
                if (number == fields.Number + LayerFieldOwners.Aside && seen.Add((type, fields.Number)))
                {
                    note?.Invoke($"layer '{TextField(layer, LayerName)}' ({type}): field {fields.Number} is some "
                        + "other Caffe's and not read; "
                        + $"its {fields.ValueLength} bytes are kept, but have no text");
                }
                Renumber(layer, fields, number);
            }
        }
    }

    /// <summary>Gives a layer's fields the numbers of the file that they came from, or of BVLC's; says whether any
    /// differs.</summary>
    public static bool ToDisk(Span<byte> layer, string type)
    {
        bool differs = false;
        WireWalker fields = new(layer);
        while (fields.Next())
        {
            if (fields.Wire != WireWalker.Bytes) continue;
            int number = LayerFieldOwners.OnWriting(type, fields.Number);
            differs |= number != fields.Number;
            Renumber(layer, fields, number);
        }
        return differs;
    }

    /// <summary>A string field of a binary message, or an empty string.</summary>
    public static string TextField(ReadOnlySpan<byte> message, int number)
    {
        string text = "";
        WireWalker walker = new(message);
        while (walker.Next())
        {
            if (walker.Number == number && walker.Wire == WireWalker.Bytes)
                text = Encoding.UTF8.GetString(message.Slice(walker.ValueStart, walker.ValueLength));
        }
        return text;
    }

    // Field numbers from 16 to 2047 take tags of two bytes, so the bytes' length stays.
    private static void Renumber(Span<byte> message, WireWalker field, int number)
    {
        if (number == field.Number) return;
        int tag = (number << 3) | WireWalker.Bytes;
        message[field.TagStart] = (byte)((tag & 0x7F) | 0x80);
        message[field.TagStart + 1] = (byte)(tag >> 7);
    }
}
