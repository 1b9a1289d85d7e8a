using System.Runtime.InteropServices;

namespace Atl.Data;

/// <summary>
/// Values in a temporary file beside the one that they are for, whose format has their number before them. The file
/// goes when it is closed.
/// </summary>
internal sealed class WaitingRows(string path) : IDisposable
{
    private readonly FileStream _stream = new(
        Path.GetFullPath(path) + ".rows.tmp", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose);

    /// <summary>Adds values.</summary>
    public void Append(ReadOnlySpan<float> values) => _stream.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Goes back to the first value, to read.</summary>
    public void Rewind() => _stream.Position = 0;

    /// <summary>Reads the next values.</summary>
    public void Read(Span<float> values) => _stream.ReadExactly(MemoryMarshal.AsBytes(values));

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
