using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>Writes a message as text. Fields that the schema does not know can't be named and are left out.</summary>
/// <param name="writer">Takes the text.</param>
/// <param name="comments">The comments of the file that the message was read from; fields then keep that file's order
/// as well.</param>
internal sealed class TextPrinter(TextWriter writer, TextComments.Placed? comments = null)
{
    private int _depth;

    /// <summary>Writes every field that is set, in the order of field numbers or of the file, with all
    /// comments.</summary>
    public void PrintFile(IMessage message)
    {
        PrintLines(comments?.Top);
        Print(message);
        PrintLines(comments?.End);
    }

    private void Print(IMessage message)
    {
        foreach (FieldDescriptor field in comments is null ? message.Descriptor.Fields.InFieldNumberOrder()
            : InFileOrder(message))
        {
            object? value = field.Accessor.GetValue(message);
            if (field.IsMap)
                PrintMap(field, (IDictionary)value);
            else if (field.IsRepeated)
            {
                foreach (object item in (IList)value)
                    PrintField(field, item, message);
            }
            else if (value is not null
                && (field.HasPresence ? field.Accessor.HasValue(message) : !TextValueReader.IsZero(value)))
                PrintField(field, value, message);
        }
    }

    // What the file did not give (an upgrade made it, and left it without a place or with its parent's) follows the
    // field of the number before.
    private static IEnumerable<FieldDescriptor> InFileOrder(IMessage message)
    {
        List<(FieldDescriptor Field, (int, int) Place)> fields = [];
        (int, int) last = default;
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            SourceLocation? place = field.Accessor.GetValue(message) switch
            {
                IList { Count: > 0 } list when list[0] is IMessage first => SourceMap.Find(first),
                IMessage child => SourceMap.Find(child),
                _ => SourceMap.FindGiven(message, field.FieldNumber),
            };
            if (place is { } at && place != SourceMap.Find(message)) last = (at.Line, at.Column);
            fields.Add((field, last));
        }
        return fields.OrderBy(field => field.Place).Select(field => field.Field);
    }

    private void PrintLines(IReadOnlyList<string>? lines)
    {
        foreach (string line in lines ?? [])
        {
            Indent();
            writer.Write(line);
            writer.Write('\n');
        }
    }

    private void PrintMap(FieldDescriptor field, IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            Open(field.Name);
            PrintField(field.MessageType.FindFieldByNumber(1), entry.Key);
            PrintField(field.MessageType.FindFieldByNumber(2), entry.Value!);
            Close();
        }
    }

    private void PrintField(FieldDescriptor field, object value, IMessage? parent = null)
    {
        SourceLocation? place = comments is null || parent is null ? null
            : value is IMessage child ? SourceMap.Find(child)
            : SourceMap.FindGiven(parent, field.FieldNumber);
        PrintLines(comments?.TakeBefore(place));
        if (value is IMessage message)
        {
            Open(field.FieldType == FieldType.Group ? field.MessageType.Name : field.Name);
            Print(message);
            Close();
        }
        else if (field.FieldType == FieldType.Message)
        {
            // A wrapper of google/protobuf/wrappers.proto, which C# shows as its bare value.
            Open(field.Name);
            PrintField(field.MessageType.FindFieldByNumber(1), value);
            Close();
        }
        else
        {
            Indent();
            writer.Write(field.Name);
            writer.Write(": ");
            PrintScalar(field, value);
            if (comments?.TakeBehind(place) is { } comment)
            {
                writer.Write("  ");
                writer.Write(comment);
            }
            writer.Write('\n');
        }
    }

    private void PrintScalar(FieldDescriptor field, object value)
    {
        switch (value)
        {
            case string text:
                PrintBytes(Encoding.UTF8.GetBytes(text), isText: true);
                break;
            case ByteString bytes:
                PrintBytes(bytes.Span, isText: false);
                break;
            case bool flag:
                writer.Write(flag ? "true" : "false");
                break;
            case float number:
                writer.Write(FloatText.Of(number));
                break;
            case double number:
                writer.Write(FloatText.Of(number));
                break;
            default:
                writer.Write(field.FieldType == FieldType.Enum
                    ? EnumText(field.EnumType, Convert.ToInt32(value, CultureInfo.InvariantCulture))
                    : Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string EnumText(EnumDescriptor type, int number) =>
        type.FindValueByNumber(number)?.Name ?? number.ToString(CultureInfo.InvariantCulture);

    private void PrintBytes(ReadOnlySpan<byte> bytes, bool isText)
    {
        StringBuilder text = new(bytes.Length + 2);
        text.Append('"');
        int i = 0;
        while (i < bytes.Length)
        {
            byte b = bytes[i];
            if (isText && b >= 0x80)
            {
                Rune.DecodeFromUtf8(bytes[i..], out Rune rune, out int length);
                text.Append(rune.ToString());
                i += length;
                continue;
            }
            i++;
            _ = b switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'"' => text.Append("\\\""),
                (byte)'\'' => text.Append("\\'"),
                (byte)'\\' => text.Append(@"\\"),
                >= 0x20 and < 0x7F => text.Append((char)b),
                _ => text.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7)))
                    .Append((char)('0' + (b & 7))),
            };
        }
        text.Append('"');
        writer.Write(text);
    }

    private void Open(string name)
    {
        Indent();
        writer.Write(name);
        writer.Write(" {\n");
        _depth++;
    }

    private void Close()
    {
        _depth--;
        Indent();
        writer.Write("}\n");
    }

    private void Indent()
    {
        for (int i = 0; i < _depth; i++)
            writer.Write("  ");
    }
}
