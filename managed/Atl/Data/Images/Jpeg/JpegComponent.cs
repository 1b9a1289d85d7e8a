namespace Atl.Data;

/// <summary>A component of a JPEG: brightness, or one of the colors.</summary>
/// <param name="id">What scans call it.</param>
/// <param name="horizontal">Its blocks in a row of a coded unit.</param>
/// <param name="vertical">Its rows of blocks in a coded unit.</param>
internal sealed class JpegComponent(byte id, int horizontal, int vertical)
{
    private const sbyte Absent = -1;

    // How many of its low bits each coefficient lacks.
    private readonly sbyte[] _missingBits = [.. Enumerable.Repeat(Absent, JpegFrame.Coefficients)];
    private ulong[]? _nonzero;

    public byte Id => id;

    public int Horizontal => horizontal;

    public int Vertical => vertical;

    /// <summary>Blocks in a row of a scan of this component alone.</summary>
    public int BlocksAcross { get; private set; }

    /// <summary>Rows of blocks in a scan of this component alone.</summary>
    public int BlocksDown { get; private set; }

    /// <summary>Whether every coefficient has come with all its bits.</summary>
    public bool IsComplete => _missingBits.AsSpan().IndexOfAnyExcept((sbyte)0) < 0;

    /// <summary>Whether the first coefficient of the blocks, their mean, has come.</summary>
    public bool IsShown => _missingBits[0] != Absent;

    /// <summary>
    /// Of each block in the order of a scan, which coefficients are not zero so far: refining scans hold a bit for each
    /// of these.
    /// </summary>
    public ulong[] Nonzero => _nonzero ??= new ulong[BlocksAcross * BlocksDown];

    public void SetBlocks(int across, int down) => (BlocksAcross, BlocksDown) = (across, down);

    /// <summary>Notes that a scan has brought coefficients.</summary>
    public void Take(int first, int last, int missingBits) =>
        _missingBits.AsSpan(first, last - first + 1).Fill((sbyte)missingBits);
}
