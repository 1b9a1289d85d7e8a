using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>
/// Reads and writes the protobuf text format (prototxt) for any generated message, by the rules of protoc:
/// https://protobuf.dev/reference/protobuf/textformat-spec/.
/// </summary>
/// <remarks>
/// Stricter than <c>protoc --encode</c> in three places: a string field must be valid UTF-8, <c>\U</c> must not pass
/// 0010FFFF (protoc keeps the escape's letters), and a missing required field is an error and not a warning. More
/// lenient in one: a byte-order mark at the start is ignored, which protoc refuses.
/// Extensions and expanded Any messages are refused by name: Caffe's schema has neither.
/// </remarks>
public static class TextFormat
{
    /// <summary>Reads a message of type <typeparamref name="T"/>.</summary>
    public static T Parse<T>(string text, string? fileName = null, TextFormatOptions? options = null)
        where T : IMessage<T>, new()
    {
        T message = new();
        Merge(message, Encoding.UTF8.GetBytes(text), fileName, options);
        return message;
    }

    /// <summary>Reads a message of type <typeparamref name="T"/> from a file's bytes.</summary>
    public static T Parse<T>(byte[] text, string? fileName = null, TextFormatOptions? options = null)
        where T : IMessage<T>, new()
    {
        T message = new();
        Merge(message, text, fileName, options);
        return message;
    }

    /// <summary>Reads a message of the described type.</summary>
    /// <param name="descriptor">The generated type's descriptor.</param>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The name that errors and <see cref="SourceMap"/> give; <c>&lt;text&gt;</c> when
    /// null.</param>
    /// <param name="options">How to treat unknown fields, and where notes go.</param>
    /// <exception cref="PrototxtException">The text breaks the format or does not fit the message.</exception>
    public static IMessage Parse(MessageDescriptor descriptor, string text, string? fileName = null,
        TextFormatOptions? options = null)
    {
        IMessage message = MessagePlan.For(descriptor).Create();
        Merge(message, Encoding.UTF8.GetBytes(text), fileName, options);
        return message;
    }

    /// <summary>The message as text, one field a line, in the order of field numbers; protoc reads it back to the same
    /// bytes.</summary>
    public static string Print(IMessage message)
    {
        using StringWriter writer = new();
        Print(message, writer);
        return writer.ToString();
    }

    /// <summary>Writes the message as text, for messages too large for one string.</summary>
    public static void Print(IMessage message, TextWriter writer) => new TextPrinter(writer).PrintFile(message);

    /// <summary>Writes a message that was read from text (and upgraded, perhaps) with the comments of that text, its
    /// fields in the text's order.</summary>
    internal static void Print(IMessage message, TextWriter writer, TextComments comments) =>
        new TextPrinter(writer, comments.Place(message)).PrintFile(message);

    private static void Merge(IMessage message, byte[] text, string? fileName, TextFormatOptions? options)
    {
        TextTokenizer tokenizer = new(text, fileName ?? "<text>");
        new TextParser(tokenizer, options ?? TextFormatOptions.Default).ParseFile(message);
    }
}
