namespace Atl.Data;

/// <summary>Goes through stored records, also old and deleted ones, in the order of <see cref="LevelDbKey"/>.</summary>
internal interface ILevelDbCursor : IDisposable
{
    /// <summary>The current record's stored key; valid until the cursor moves.</summary>
    ReadOnlySpan<byte> Key { get; }

    /// <summary>The current record's value; valid until the cursor moves.</summary>
    ReadOnlySpan<byte> Value { get; }

    /// <summary>Goes before the first record.</summary>
    void Rewind();

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="Proto.AtlException">What comes next is damaged.</exception>
    bool TryMoveNext();
}
