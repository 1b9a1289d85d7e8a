using Google.Protobuf;

namespace Atl.Fuzz.Mutation;

/// <summary>A field of a binary protobuf message: a number, bytes, or fields within it.</summary>
internal sealed class WireField
{
    /// <summary>The field's number.</summary>
    public int Number { get; set; }

    /// <summary>How the value is stored.</summary>
    public WireFormat.WireType Type { get; set; }

    /// <summary>The value of a varint, fixed32 or fixed64.</summary>
    public ulong Value { get; set; }

    /// <summary>The bytes of a field with a length; null where they are fields.</summary>
    public byte[]? Bytes { get; set; }

    /// <summary>The fields within.</summary>
    public List<WireField> Fields { get; private set; } = [];

    /// <summary>The fields of a message; null where the bytes are none.</summary>
    public static List<WireField>? Parse(byte[] data)
    {
        List<WireField> fields = [];
        CodedInputStream input = new(data);
        try
        {
            while (input.ReadTag() is not 0 and var tag)
            {
                WireField field = new()
                { Number = WireFormat.GetTagFieldNumber(tag), Type = WireFormat.GetTagWireType(tag) };
                if (!field.ReadValue(input)) return null;
                fields.Add(field);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
        return fields;
    }

    /// <summary>The bytes of a message with these fields; lengths fit what is in them.</summary>
    public static byte[] Serialize(IEnumerable<WireField> fields)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
            foreach (WireField field in fields) field.Write(output);
        return bytes.ToArray();
    }

    /// <summary>A copy with its fields.</summary>
    public WireField Copy() => new()
    {
        Number = Number,
        Type = Type,
        Value = Value,
        Bytes = Bytes,
        Fields = [.. Fields.Select(field => field.Copy())]
    };

    private bool ReadValue(CodedInputStream input)
    {
        switch (Type)
        {
            case WireFormat.WireType.Varint:
                Value = input.ReadUInt64();
                return true;
            case WireFormat.WireType.Fixed32:
                Value = input.ReadFixed32();
                return true;
            case WireFormat.WireType.Fixed64:
                Value = input.ReadFixed64();
                return true;
            case WireFormat.WireType.LengthDelimited:
                byte[] bytes = input.ReadBytes().ToByteArray();
                // Text and packed numbers rarely are messages too; where they are, the damage goes deeper than it
                // should.
                List<WireField>? within = bytes.Length is > 1 and < 1 << 16 ? Parse(bytes) : null;
                if (within is { Count: > 0 }) Fields = within;
                else Bytes = bytes;
                return true;
            default:
                return false;
        }
    }

    private void Write(CodedOutputStream output)
    {
        output.WriteTag(Number, Type);
        switch (Type)
        {
            case WireFormat.WireType.Varint:
                output.WriteUInt64(Value);
                break;
            case WireFormat.WireType.Fixed32:
                output.WriteFixed32((uint)Value);
                break;
            case WireFormat.WireType.Fixed64:
                output.WriteFixed64(Value);
                break;
            case WireFormat.WireType.LengthDelimited:
                output.WriteBytes(ByteString.CopyFrom(Bytes ?? Serialize(Fields)));
                break;
        }
    }
}
