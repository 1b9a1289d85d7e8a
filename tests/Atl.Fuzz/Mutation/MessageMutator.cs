using System.Collections;
using System.Text;
using Atl.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Fuzz.Mutation;

/// <summary>Damage to the values of a text, which stays a text of its format: fields set, cleared, doubled,
/// moved.</summary>
/// <typeparam name="T">The message that the text is.</typeparam>
internal sealed class MessageMutator<T> : Mutator
    where T : IMessage<T>, new()
{
    private static readonly ByteMutator Raw = new();
    private static readonly string[] Words =
        ["data", "label", "l", "ip", "", "x/y", "x_y", "a b", "é", "fixed", "xavier", "MAX"];

    /// <inheritdoc/>
    public override byte[] Mutate(byte[] data, Random random)
    {
        T root;
        try
        {
            root = TextFormat.Parse<T>(data);
        }
        catch (AtlException)
        {
            return Raw.Mutate(data, random);
        }
        List<IMessage> all = [];
        Gather(root, all);
        IMessage message = all[random.Next(all.Count)];
        IList<FieldDescriptor> fields = message.Descriptor.Fields.InDeclarationOrder();
        FieldDescriptor[] set = [.. fields.Where(field => IsSet(message, field))];
        FieldDescriptor chosen = set.Length > 0 && random.Next(4) > 0 ? set[random.Next(set.Length)]
            : fields[random.Next(fields.Count)];
        if (chosen.IsRepeated) ChangeList((IList)chosen.Accessor.GetValue(message), chosen, all, random);
        else if (random.Next(8) == 0) chosen.Accessor.Clear(message);
        else chosen.Accessor.SetValue(message, Value(chosen, all, random));
        using StringWriter text = new();
        TextFormat.Print(root, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static bool IsSet(IMessage message, FieldDescriptor field) =>
        field.IsRepeated ? ((IList)field.Accessor.GetValue(message)).Count > 0 : field.Accessor.HasValue(message);

    private static void Gather(IMessage message, List<IMessage> all)
    {
        all.Add(message);
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message || !IsSet(message, field)) continue;
            object value = field.Accessor.GetValue(message);
            foreach (IMessage within in field.IsRepeated ? ((IList)value).Cast<IMessage>()
                : [(IMessage)value]) Gather(within, all);
        }
    }

    private static void ChangeList(IList list, FieldDescriptor field, List<IMessage> all, Random random)
    {
        int place = list.Count == 0 ? 0 : random.Next(list.Count);
        switch (random.Next(6))
        {
            case 0 when list.Count > 0:
                list.RemoveAt(place);
                break;
            case 1 when list.Count > 0:
                list.Insert(place, Copy(list[random.Next(list.Count)]!));
                break;
            case 2 when list.Count > 1:
                int other = random.Next(list.Count);
                (list[place], list[other]) = (list[other], list[place]);
                break;
            case 3 or 4 when list.Count > 0:
                list[place] = Value(field, all, random);
                break;
            default:
                list.Insert(place, Value(field, all, random));
                break;
        }
    }

    private static object Copy(object value) =>
        value is IMessage message ? message.Descriptor.Parser.ParseFrom(message.ToByteArray()) : value;

    private static object Value(FieldDescriptor field, List<IMessage> all, Random random)
    {
        long number = InterestingNumbers.Integer(random, random.Next(10));
        switch (field.FieldType)
        {
            case FieldType.Message:
                IMessage[] same = [.. all.Where(message => message.Descriptor == field.MessageType)];
                return same.Length > 0 ? Copy(same[random.Next(same.Length)]) : field.MessageType.Parser.ParseFrom([]);
            case FieldType.Enum:
                IList<EnumValueDescriptor> values = field.EnumType.Values;
                return Enum.ToObject(field.EnumType.ClrType, values[random.Next(values.Count)].Number);
            case FieldType.Bool:
                return random.Next(2) == 0;
            case FieldType.String:
                return Words[random.Next(Words.Length)];
            case FieldType.Bytes:
                return ByteString.CopyFromUtf8(Words[random.Next(Words.Length)]);
            case FieldType.Float:
                return (float)Real(random);
            case FieldType.Double:
                return Real(random);
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                return (int)number;
            case FieldType.UInt32 or FieldType.Fixed32:
                return (uint)number;
            case FieldType.UInt64 or FieldType.Fixed64:
                return (ulong)number;
            default:
                return number;
        }
    }

    private static double Real(Random random) => random.Next(10) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => 0,
        4 => -1,
        5 => 1e38,
        6 => 1e-45,
        7 => 0.5,
        _ => random.NextDouble() * 10,
    };
}
