namespace Atl.Proto;

/// <summary>
/// A file that is written to. One that grows past what its file system holds (4 GiB on FAT32) or the process may write
/// (<c>ulimit -f</c>) is an <see cref="IOException"/> as every other fault of the disk is; .NET calls it an argument
/// out of range.
/// </summary>
internal sealed class OutputFile : FileStream
{
    private const int MostCopied = 1 << 20;

    /// <summary>Opens a file to write to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is made, and what becomes of one that is there.</param>
    /// <param name="access">Whether it is read, too.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="bufferSize">How many bytes are kept back; 0 hands every write to the system at once.</param>
    /// <param name="options">Whether the file goes when it is closed.</param>
    public OutputFile(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 0,
        FileOptions options = FileOptions.None)
        : base(path, mode, access, share, bufferSize, options)
    {
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        try
        {
            base.Write(buffer, offset, count);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // .NET copies a span for the method above; not all of a large one at once.
        for (; buffer.Length > MostCopied; buffer = buffer[MostCopied..]) base.Write(buffer[..MostCopied]);
        base.Write(buffer);
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    public override void Flush(bool flushToDisk)
    {
        try
        {
            base.Flush(flushToDisk);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        try
        {
            base.Dispose(disposing);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    // Of arguments that were checked, none is out of its range.
    private static IOException TooLarge(Exception error) =>
        new("the file grows past what its file system holds or ulimit -f allows", error)
        {
            HResult = DiskFault.TooLarge,
        };
}
