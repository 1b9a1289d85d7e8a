using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using PureHDF;

namespace Atl.Proto;

/// <summary>
/// The bytes of an HDF5 file as PureHDF reads them. A damaged file may send a reader beyond its end, or round and
/// round: what lies outside of the file is an error, and so are more reads than its size accounts for, and reads that
/// nest until the stack ends.
/// </summary>
/// <remarks>Not for use by several threads at once.</remarks>
internal sealed class Hdf5Stream : Stream, IDatasetStream
{
    private const int BufferBytes = 1 << 12;

    // Reading a file of metadata alone takes a read for every few bytes, several times over.
    private const long FewestReads = 1 << 21, ReadsPerByte = 4;

    // Large chunks are read once for each part of an array that lies in them.
    private const long FewestBytes = 1L << 30, BytesPerByte = 64;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private long _bufferStart, _position, _reads, _bytes, _expected;
    private int _buffered;

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public Hdf5Stream(string path)
    {
        _path = path;
        _file = File.OpenHandle(path);
        _length = RandomAccess.GetLength(_file);
    }

    /// <summary>The ranges that are read as zeros.</summary>
    public Hdf5Blanks Blanks { get; } = new();

    /// <summary>The chunks with skipped filters.</summary>
    public Hdf5SkippedFilters Skipped { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    /// <summary>The place of the file that counts as its first byte.</summary>
    public long Origin { get; set; }

    public override long Length => _length - Origin;

    public override long Position
    {
        get => _position - Origin;
        set => _position = value + Origin;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads all of the bytes asked for.</summary>
    /// <exception cref="AtlException">The file does not have them, or has been read too often.</exception>
    public override int Read(Span<byte> buffer)
    {
        CheckPlace(buffer.Length);
        CheckCost(buffer.Length);
        if (buffer.Length > BufferBytes)
        {
            PositionedRead.Exactly(_file, _path, buffer, _position);
        }
        else
        {
            if (_position < _bufferStart || _position + buffer.Length > _bufferStart + _buffered)
            {
                _buffered = 0;
                int count = (int)Math.Min(BufferBytes, _length - _position);
                PositionedRead.Exactly(_file, _path, _buffer.AsSpan(0, count), _position);
                (_bufferStart, _buffered) = (_position, count);
            }
            _buffer.AsSpan((int)(_position - _bufferStart), buffer.Length).CopyTo(buffer);
        }
        Blanks.Clear(buffer, _position);
        _position += buffer.Length;
        return buffer.Length;
    }

    /// <summary>Reads the values of an array, or a chunk of them, which the filters follow.</summary>
    public void ReadDataset(Span<byte> buffer)
    {
        (uint mask, int filters) = Skipped.Of(_position);
        Hdf5Filters.Begin(mask, filters);
        _ = Read(buffer);
    }

    /// <summary>Allows for bytes that are read again and again.</summary>
    public void Expect(long bytes) => _expected += bytes;

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Checks that the file has some bytes, before there is memory for them.</summary>
    /// <exception cref="AtlException">It has not.</exception>
    public void CheckPlace(ulong at, UInt128 count, string what)
    {
        if (at <= (ulong)_length && count <= (ulong)_length - at) return;
        throw new AtlException(string.Create(CultureInfo.InvariantCulture,
            $"{_path}: {what} claims {count} bytes at byte {at}, but the file has "
                + $"{_length} bytes (truncated or damaged)"));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }

    private void CheckPlace(int count)
    {
        if (_position >= 0 && count <= _length - _position) return;
        throw new AtlException(string.Create(CultureInfo.InvariantCulture,
            $"{_path}: it points to {count} bytes at byte {_position}, but the file has {_length} bytes (truncated "
                + $"or damaged)"));
    }

    private void CheckCost(int count)
    {
        if (++_reads > FewestReads + ReadsPerByte * _length
            || (_bytes += count) > FewestBytes + BytesPerByte * _length + _expected
            || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{_path}: damaged: its groups or indexes lead back to themselves near byte {_position}"));
    }
}
