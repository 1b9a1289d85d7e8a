using System.Globalization;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>
/// The memory that a file's messages take. An empty layer is three bytes of a file and a thousand bytes of memory, so a
/// file of millions of them would take many times its size.
/// </summary>
internal static class MessageCost
{
    /// <summary>The number of bytes of memory that any file may take.</summary>
    public const long Fewest = 1L << 29;

    // How many each byte of a file may stand for.
    private const long PerByte = 16;

    // With where it stood in a text.
    private const int Object = 128, Field = 8;

    /// <summary>The bytes of an empty message, roughly.</summary>
    public static long Of(MessageDescriptor message) => Object + Field * message.Fields.InDeclarationOrder().Count;

    /// <summary>The maximum bytes that the messages of a file may take.</summary>
    public static long Most(long fileLength, long fewest = Fewest) => fewest + PerByte * fileLength;

    /// <summary>Checks the messages of a binary file before they are made.</summary>
    /// <exception cref="AtlException">They would take too much memory for the file.</exception>
    public static void Check(string path, ReadOnlySpan<byte> file, MessageDescriptor message)
    {
        // Two bytes are the minimum that a message takes, and no message has more fields than a layer.
        if (file.Length / 2 * Of(LayerParameter.Descriptor) <= Most(file.Length)) return;
        long cost = 0;
        Add(file, message, Most(file.Length), 0, ref cost);
        if (cost > Most(file.Length))
            throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: {file.Length} bytes hold so many empty messages that they would take more than "
                    + $"{Most(file.Length)} in memory (damaged)"));
    }

    private static void Add(ReadOnlySpan<byte> bytes, MessageDescriptor message, long most, int depth, ref long cost)
    {
        // What nests deeper is refused where it is read.
        const int MostNested = 100;
        cost += Of(message);
        WireWalker walker = new(bytes);
        while (cost <= most && depth < MostNested && walker.Next())
            if (walker.Wire == WireWalker.Bytes
                && message.FindFieldByNumber(walker.Number) is { FieldType: FieldType.Message, MessageType: { } inner })
                Add(bytes.Slice(walker.ValueStart, walker.ValueLength), inner, most, depth + 1, ref cost);
    }
}
