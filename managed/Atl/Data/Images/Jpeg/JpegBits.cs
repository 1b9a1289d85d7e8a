namespace Atl.Data;

/// <summary>
/// The bits of a JPEG's scan: bytes FF 00 are the byte FF, restart markers part the data, and any other marker ends
/// them.
/// </summary>
internal ref struct JpegBits(ReadOnlySpan<byte> bytes, int begin)
{
    private const byte Marker = 0xFF, FirstRestart = 0xD0, LastRestart = 0xD7;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at = begin, _bits, _count;

    /// <summary>The position of the next marker, or of the next byte that was not needed.</summary>
    public readonly int Position
    {
        get
        {
            int at = _at;
            for (int unread = _count / 8; unread > 0; unread--) at -= at >= 2 && _bytes[at - 1] == 0
                && _bytes[at - 2] == Marker ? 2 : 1;
            return at;
        }
    }

    /// <summary>Whether bits were needed that are not there; they are read as zeros.</summary>
    public bool RanOut { get; private set; }

    /// <summary>Whether the data end here in a restart marker, and continue after it.</summary>
    public readonly bool AtRestart => MarkerAt(out int marker, out _) && marker is >= FirstRestart and <= LastRestart;

    /// <summary>The next bits as a number.</summary>
    public int Read(int count)
    {
        Fill(count);
        if (_count < count)
        {
            RanOut = true;
            _bits <<= count - _count;
            _count = count;
        }
        _count -= count;
        int value = _bits >> _count;
        _bits &= (1 << _count) - 1;
        return value;
    }

    /// <summary>The next bits, which are not taken; zeros where there are none any more.</summary>
    public int Peek(int count)
    {
        Fill(count);
        return _count >= count ? _bits >> (_count - count) : _bits << (count - _count);
    }

    /// <summary>Continues after the next restart marker; where none follows, nothing is left.</summary>
    public void Restart()
    {
        (_bits, _count) = (0, 0);
        while (!MarkerAt(out _, out int end))
        {
            // Data that no block has needed.
            if (end >= _bytes.Length) return;
            _at = end;
        }
        if (!AtRestart) return;
        MarkerAt(out _, out int behind);
        (_at, RanOut) = (behind, false);
    }

    private void Fill(int count)
    {
        while (_count < count && _at < _bytes.Length)
        {
            if (MarkerAt(out _, out int end)) return;
            _bits = (_bits << 8) | _bytes[_at];
            _count += 8;
            _at = end;
        }
    }

    // Whether a marker is here, with fill bytes before it or without, and where it ends; else where this byte of data
    // ends.
    private readonly bool MarkerAt(out int marker, out int end)
    {
        (marker, end) = (0, _at + 1);
        if (_at >= _bytes.Length || _bytes[_at] != Marker) return false;
        while (end < _bytes.Length && _bytes[end] == Marker) end++;
        if (end == _bytes.Length) return true;
        marker = _bytes[end++];
        return marker != 0;
    }
}
