namespace Atl.Proto;

/// <summary>Walks the top-level fields of a binary protobuf message without decoding them.</summary>
internal ref struct WireWalker(ReadOnlySpan<byte> bytes)
{
    /// <summary>The wire type of a variable-length integer.</summary>
    public const int Varint = 0;

    /// <summary>The wire type of eight bytes.</summary>
    public const int Fixed64 = 1;

    /// <summary>The wire type of a length and so many bytes: strings, messages, packed numbers.</summary>
    public const int Bytes = 2;

    /// <summary>The wire type of four bytes.</summary>
    public const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>The field's number.</summary>
    public int Number { get; private set; }

    /// <summary>The field's wire type.</summary>
    public int Wire { get; private set; }

    /// <summary>The position at which the field's tag begins.</summary>
    public int TagStart { get; private set; }

    /// <summary>The position at which the field's value begins, after a length.</summary>
    public int ValueStart { get; private set; }

    /// <summary>The number of bytes of the value.</summary>
    public int ValueLength { get; private set; }

    /// <summary>Whether the walk ended because the bytes are truncated or are no message.</summary>
    public bool Broken { get; private set; }

    /// <summary>Goes on to the next field; false at the end and where the bytes are broken.</summary>
    public bool Next()
    {
        if (Broken || _position >= _bytes.Length)
            return false;
        TagStart = _position;
        if (!TryVarint(out ulong tag) || tag >> 3 is 0 or > 0x1FFFFFFF)
            return Break();
        Number = (int)(tag >> 3);
        Wire = (int)(tag & 7);
        ValueStart = _position;
        return SkipValue() || Break();
    }

    private bool SkipValue()
    {
        ulong length;
        switch (Wire)
        {
            case Varint:
                if (!TryVarint(out _))
                    return false;
                ValueLength = _position - ValueStart;
                return true;
            case Fixed64:
                length = 8;
                break;
            case Fixed32:
                length = 4;
                break;
            case Bytes:
                if (!TryVarint(out length))
                    return false;
                ValueStart = _position;
                break;
            default:
                return false;
        }
        if (length > (ulong)(_bytes.Length - ValueStart))
            return false;
        ValueLength = (int)length;
        _position = ValueStart + ValueLength;
        return true;
    }

    private bool Break()
    {
        Broken = true;
        return false;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && _position < _bytes.Length; shift += 7)
        {
            byte b = _bytes[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return true;
        }
        return false;
    }
}
