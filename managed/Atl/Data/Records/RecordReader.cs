using System.Text;
using Atl.Proto;

namespace Atl.Data;

/// <summary>A database of records, read one after the other in the order of keys, from the first again after the
/// last.</summary>
/// <remarks>Not for use by several threads at once; the thread may change between calls.</remarks>
/// <param name="source">The database's folder.</param>
public abstract class RecordReader(string source) : IDisposable
{
    /// <summary>The folder.</summary>
    public string Source { get; } = source;

    /// <summary>The number of records; null while it is not known (LevelDB counts by being read to its end).</summary>
    public long? Count { get; protected set; }

    /// <summary>The current record's place in the order of keys, from 0.</summary>
    public long Position { get; private set; }

    /// <summary>The current record's key.</summary>
    public string Key => Encoding.UTF8.GetString(KeyBytes);

    /// <summary>The current record's bytes; valid until the reader moves.</summary>
    public abstract ReadOnlySpan<byte> Value { get; }

    /// <summary>The bytes of the current record's key.</summary>
    protected abstract ReadOnlySpan<byte> KeyBytes { get; }

    /// <summary>Goes to the next record; false, without moving, at the last.</summary>
    /// <exception cref="AtlException">The database is damaged.</exception>
    public bool TryMoveNext()
    {
        if (!Advance())
        {
            Count ??= Position + 1;
            return false;
        }
        Position++;
        return true;
    }

    /// <summary>Goes to the next record; after the last comes the first.</summary>
    /// <exception cref="AtlException">The database is damaged.</exception>
    public void MoveNext()
    {
        if (!TryMoveNext()) Rewind();
    }

    /// <summary>Goes to the first record.</summary>
    /// <exception cref="AtlException">The database is damaged.</exception>
    public void Rewind()
    {
        MoveToFirst();
        Position = 0;
    }

    /// <summary>Goes to a record by its place in the order of keys, counted on from the first after the last.</summary>
    /// <exception cref="AtlException">The database is damaged.</exception>
    public void Seek(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        long place = Count is { } known ? position % known : position;
        if (place < Position) Rewind();
        while (Position < place)
            if (!TryMoveNext())
                place %= Rewound();

        long Rewound()
        {
            Rewind();
            return Count!.Value;
        }
    }

    /// <summary>The current record as a Datum.</summary>
    /// <exception cref="AtlException">The record is no Datum; the message names its key.</exception>
    public Datum ReadDatum()
    {
        try
        {
            return Datum.Parser.ParseFrom(Value);
        }
        // A length of more than an int holds overflows in the parser.
        catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or OverflowException)
        {
            throw new AtlException($"{Describe()}: {Value.Length} bytes that are not a complete Datum "
                + $"({e.Message})", e);
        }
    }

    /// <summary>The current record as messages name it.</summary>
    public string Describe() =>
        $"{Source}: record '{Key}' ({Position + 1}{(Count is { } count ? $" of {count}" : "")})";

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Goes to the first record, which there is.</summary>
    protected abstract void MoveToFirst();

    /// <summary>Goes to the next record; false, without moving, at the last.</summary>
    protected abstract bool Advance();
}
