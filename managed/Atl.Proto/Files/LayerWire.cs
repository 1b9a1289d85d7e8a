using System.Text;

namespace Atl.Proto;

/// <summary>
/// Field 147 of a binary LayerParameter, which Caffe's dialects use for different messages. The layer's type tells them apart:
/// MarginInnerProduct keeps 147; a Swish layer's 147 is BVLC's SwishParameter, which the schema holds at 149;
/// any other layer's 147 comes from some other dialect and is kept as bytes in foreign_param. Reading changes the number
/// in the file's bytes before they are parsed, writing changes it back.
/// </summary>
internal static class LayerWire
{
    private const int Shared = LayerParameter.MarginInnerProductParamFieldNumber;
    private const int NetLayer = NetParameter.LayerFieldNumber;
    private const int LayerType = LayerParameter.TypeFieldNumber;

    /// <summary>The type whose parameter owns field 147 in the schema.</summary>
    private const string MarginType = "MarginInnerProduct";

    private const string SwishType = "Swish";

    /// <summary>Gives every field 147 of a binary net the number that the schema has for it.</summary>
    public static void FromDisk(Span<byte> net)
    {
        WireWalker walker = new(net);
        while (walker.Next())
        {
            if (walker is not { Number: NetLayer, Wire: WireWalker.Bytes })
                continue;
            Span<byte> layer = net.Slice(walker.ValueStart, walker.ValueLength);
            string type = TextField(layer, LayerType);
            if (type != MarginType)
                Renumber(layer, Shared, type == SwishType ? LayerParameter.SwishParamFieldNumber : LayerParameter.ForeignParamFieldNumber);
        }
    }

    /// <summary>Whether the layer must pass through <see cref="ToDisk"/> when it is written.</summary>
    public static bool DiffersOnDisk(LayerParameter layer) =>
        (layer.SwishParam is not null && layer.Type == SwishType) || (layer.HasForeignParam && layer.Type != MarginType);

    /// <summary>A layer's bytes with the numbers of BVLC's files.</summary>
    public static void ToDisk(Span<byte> layer, string type) =>
        Renumber(layer, type == SwishType ? LayerParameter.SwishParamFieldNumber : LayerParameter.ForeignParamFieldNumber, Shared);

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
    private static void Renumber(Span<byte> message, int from, int to)
    {
        WireWalker walker = new(message);
        while (walker.Next())
        {
            if (walker.Number != from || walker.Wire != WireWalker.Bytes)
                continue;
            int tag = (to << 3) | WireWalker.Bytes;
            message[walker.TagStart] = (byte)((tag & 0x7F) | 0x80);
            message[walker.TagStart + 1] = (byte)(tag >> 7);
        }
    }
}
