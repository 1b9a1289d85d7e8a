using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Atl.Proto;

/// <summary>Reads one scalar value of a text file, checked against its field's type and range.</summary>
internal sealed class TextValueReader(TextTokenizer tokens)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    // protoc's nan has a clear sign bit; double.NaN has a set one.
    private static readonly double PositiveNaN = BitConverter.UInt64BitsToDouble(0x7FF8000000000000);

    // Half a step above float.MaxValue, where rounding to even would give infinity.
    private const double HalfwayToInfinity = 3.4028235677973366e+38;

    /// <summary>The value a map entry's missing key or value stands for.</summary>
    public static object Zero(FieldPlan field) => field.Descriptor.FieldType switch
    {
        FieldType.Bool => false,
        FieldType.Float => 0f,
        FieldType.Double => 0d,
        FieldType.String => "",
        FieldType.Bytes => ByteString.Empty,
        FieldType.Enum or FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => 0,
        FieldType.UInt32 or FieldType.Fixed32 => 0u,
        FieldType.UInt64 or FieldType.Fixed64 => 0ul,
        _ => 0L,
    };

    /// <summary>Whether a scalar is what a proto3 field without presence holds when it is not set.</summary>
    public static bool IsZero(object value) => value switch
    {
        string s => s.Length == 0,
        ByteString b => b.IsEmpty,
        bool b => !b,
        float f => BitConverter.SingleToUInt32Bits(f) == 0,
        double d => BitConverter.DoubleToUInt64Bits(d) == 0,
        ulong u => u == 0,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture) == 0,
    };

    /// <summary>Whether a word stands for infinity or not-a-number, in any case of letters.</summary>
    public static bool IsSpecialFloat(ReadOnlySpan<byte> word, out double value)
    {
        value = Ascii.EqualsIgnoreCase(word, "nan"u8) ? PositiveNaN : double.PositiveInfinity;
        return double.IsNaN(value) || Ascii.EqualsIgnoreCase(word, "inf"u8)
            || Ascii.EqualsIgnoreCase(word, "infinity"u8);
    }

    /// <summary>Reads a value of the field's scalar type.</summary>
    public object Read(FieldPlan field) => field.Descriptor.FieldType switch
    {
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)ReadSigned(field, int.MinValue, int.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => ReadSigned(field, long.MinValue, long.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)ReadUnsigned(field, uint.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => ReadUnsigned(field, ulong.MaxValue),
        FieldType.Float => ReadFloat(field),
        FieldType.Double => ReadDouble(field),
        FieldType.Bool => ReadBool(field),
        FieldType.Enum => ReadEnum(field),
        FieldType.String => ReadString(field),
        FieldType.Bytes => ByteString.CopyFrom(ReadStringBytes(field)),
        _ => throw new InvalidOperationException($"{field.Descriptor.FullName} is not a scalar field"),
    };

    /// <summary>Reads a number with an optional sign as protoc does: to the nearest double, which a float field then
    /// rounds once more.</summary>
    public double ReadDouble(FieldPlan field)
    {
        bool negative = TryMinus();
        ReadOnlySpan<byte> text = tokens.Text;
        double value;
        switch (tokens.Kind)
        {
            case TokenKind.Integer when text.Length == 1 || (text[0] != '0'):
            case TokenKind.Float:
                ReadOnlySpan<byte> digits = (text[^1] | 0x20) == 'f' ? text[..^1] : text;
                value = double.Parse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture);
                break;
            case TokenKind.Integer:
                throw Unexpected(field, "a decimal number");
            case TokenKind.Identifier when IsSpecialFloat(text, out value):
                break;
            default:
                throw Unexpected(field, "a number");
        }
        tokens.Next();
        return negative ? -value : value;
    }

    /// <summary>
    /// Reads a float by way of a double, as protoc does; what would round up to infinity from just above the largest
    /// float stays the largest.
    /// </summary>
    public float ReadFloat(FieldPlan field)
    {
        double value = ReadDouble(field);
        return Math.Abs(value) == HalfwayToInfinity ? MathF.CopySign(float.MaxValue, (float)value) : (float)value;
    }

    private long ReadSigned(FieldPlan field, long least, long most)
    {
        SourceLocation location = tokens.Location;
        bool negative = TryMinus();
        ulong value = ReadDigits(field, location, negative, least, (ulong)most);
        return negative ? (long)(0 - value) : (long)value;
    }

    private ulong ReadUnsigned(FieldPlan field, ulong most)
    {
        if (tokens.IsSymbol('-'))
            throw Unexpected(field, "an integer that is not negative");
        return ReadDigits(field, tokens.Location, negative: false, least: 0, most);
    }

    // The digits after a sign; a file may have very many, so that words are found for none but those out of range.
    private ulong ReadDigits(FieldPlan field, SourceLocation location, bool negative, long least, ulong most)
    {
        if (tokens.Kind != TokenKind.Integer)
            throw Unexpected(field, "an integer");
        if (!TryParseInteger(tokens.Text, negative ? most + 1 : most, out ulong value))
        {
            string text = tokens.Describe();
            throw new PrototxtException(location, string.Create(CultureInfo.InvariantCulture,
                $"{(negative ? "'-" + text.TrimStart('\'') : text)} is out of range, expected {least} to {most} for "
                    + $"'{field.TextName}'"));
        }
        tokens.Next();
        return value;
    }

    private static bool TryParseInteger(ReadOnlySpan<byte> text, ulong limit, out ulong value)
    {
        uint radix = 10;
        if (text.Length > 1 && text[0] == '0')
        {
            radix = (text[1] | 0x20) == 'x' ? 16u : 8u;
            text = text[(radix == 16 ? 2 : 1)..];
        }
        value = 0;
        foreach (byte c in text)
        {
            uint digit = c <= '9' ? (uint)(c - '0') : (uint)((c | 0x20) - 'a' + 10);
            if (value > (limit - digit) / radix || digit > limit)
                return false;
            value = (value * radix) + digit;
        }
        return true;
    }

    private bool ReadBool(FieldPlan field)
    {
        ReadOnlySpan<byte> text = tokens.Text;
        bool value;
        if (tokens.Kind == TokenKind.Integer && TryParseInteger(text, 1, out ulong number))
            value = number == 1;
        else if (tokens.Kind == TokenKind.Identifier && (text.SequenceEqual("true"u8) || text.SequenceEqual("True"u8)
            || text.SequenceEqual("t"u8)))
            value = true;
        else if (tokens.Kind == TokenKind.Identifier && (text.SequenceEqual("false"u8) || text.SequenceEqual("False"u8)
            || text.SequenceEqual("f"u8)))
            value = false;
        else
            throw Unexpected(field, "true or false");
        tokens.Next();
        return value;
    }

    private object ReadEnum(FieldPlan field)
    {
        EnumDescriptor type = field.Descriptor.EnumType;
        SourceLocation location = tokens.Location;
        EnumValueDescriptor? value;
        if (tokens.Kind == TokenKind.Identifier)
        {
            string name = Encoding.ASCII.GetString(tokens.Text);
            value = type.FindValueByName(name) ?? throw new PrototxtException(location, UnknownValue(field, name));
            tokens.Next();
            return value.Number;
        }
        if (tokens.Kind != TokenKind.Integer && !tokens.IsSymbol('-'))
            throw Unexpected(field,
                $"a value of {type.Name}{(tokens.Kind == TokenKind.String ? " without quotes" : "")}",
                IsOldLayerType(type) && tokens.Kind == TokenKind.String
                    ? "; types in quotes belong to layer, the current format" : "");
        int number = (int)ReadSigned(field, int.MinValue, int.MaxValue);
        if (type.FindValueByNumber(number) is null && IsClosed(type))
            throw new PrototxtException(location,
                $"{number} is not the number of a value of {type.Name} for '{field.TextName}', {EnumHint(type, "")}");
        return number;
    }

    /// <summary>proto2's enums admit their own values alone; proto3's any number.</summary>
    private static bool IsClosed(EnumDescriptor type) => type.File.ToProto().Syntax is "" or "proto2";

    /// <summary>Describes a word that an enum lacks.</summary>
    public static string UnknownValue(FieldPlan field, string name)
    {
        EnumDescriptor type = field.Descriptor.EnumType;
        return DialectFields.FindValue(type.Name, name)
            ?? $"'{name}' is not a value of {type.Name} for '{field.TextName}', {EnumHint(type, name)}";
    }

    private static bool IsOldLayerType(EnumDescriptor type) => type.Name == nameof(V1LayerParameter.Types.LayerType);

    private static string EnumHint(EnumDescriptor type, string name)
    {
        string[] names = [.. type.Values.Select(v => v.Name)];
        if (NearestName.Find(name, names) is { } near) return $"did you mean '{near}'?";
        string newer = IsOldLayerType(type)
            ? "; other types exist only in the current format: layer { type: \"…\" }" : "";
        return $"expected {string.Join(", ", names)}{newer}";
    }

    private string ReadString(FieldPlan field)
    {
        SourceLocation location = tokens.Location;
        ReadOnlySpan<byte> bytes = ReadStringBytes(field);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new PrototxtException(location,
                $"a string that is not valid UTF-8, expected UTF-8 for '{field.TextName}'");
        }
    }

    private ReadOnlySpan<byte> ReadStringBytes(FieldPlan field)
    {
        if (tokens.Kind != TokenKind.String)
            throw Unexpected(field, "a string in quotes",
                field.Descriptor.ContainingType.Name == nameof(LayerParameter) && field.TextName == "type"
                    ? "; types without quotes are those of layers, the old format" : "");
        ReadOnlySpan<byte> bytes = tokens.Unescape(append: false);
        tokens.Next();
        // Neighboring strings are one string, as in C.
        while (tokens.Kind == TokenKind.String)
        {
            bytes = tokens.Unescape(append: true);
            tokens.Next();
        }
        return bytes;
    }

    private bool TryMinus()
    {
        if (!tokens.IsSymbol('-'))
            return false;
        tokens.Next();
        return true;
    }

    private PrototxtException Unexpected(FieldPlan field, string expected, string advice = "") =>
        new(tokens.Location, $"{tokens.Describe()}, expected {expected} for '{field.TextName}'{advice}");
}
