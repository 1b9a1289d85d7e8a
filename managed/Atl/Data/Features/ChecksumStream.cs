using System.IO.Hashing;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Reads a stream from its beginning to its end and compares the CRC-32 of all its bytes with the one that is known,
/// which .NET's zip archives do not.
/// </summary>
/// <param name="inner">The stream; it is closed with this one.</param>
/// <param name="length">How many bytes it has.</param>
/// <param name="expected">The checksum.</param>
/// <param name="what">What it is called, for the message.</param>
internal sealed class ChecksumStream(Stream inner, long length, uint expected, string what) : Stream
{
    private readonly Crc32 _sum = new();
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="AtlException">These are the last bytes, and all together do not fit the checksum.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _sum.Append(buffer[..read]);
        _position += read;
        if (read > 0 && _position == length && _sum.GetCurrentHashAsUInt32() != expected)
            throw new AtlException($"{what}: damaged: its bytes do not match the checksum in the archive");
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
