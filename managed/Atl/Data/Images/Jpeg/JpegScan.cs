namespace Atl.Data;

/// <summary>
/// A scan of a JPEG (ITU-T T.81, annexes F and G): goes through the codes of its blocks without computing pixels, to
/// tell whether all blocks are there. Where codes are damaged it does what libjpeg does.
/// </summary>
internal sealed class JpegScan(JpegFrame frame, JpegComponent[] components, JpegHuffmanTable?[] means,
    JpegHuffmanTable?[] others)
{
    private int _emptyBlocks;

    /// <summary>The first coefficient in it, in the order of their coding.</summary>
    public required int First { get; init; }

    /// <summary>The last coefficient in it.</summary>
    public required int Last { get; init; }

    /// <summary>Whether it adds a bit to coefficients that came before.</summary>
    public required bool Refines { get; init; }

    /// <summary>The number of low bits of the coefficients that are still missing after it.</summary>
    public required int MissingBits { get; init; }

    /// <summary>Coded units between restart markers; 0 for no such markers.</summary>
    public required int RestartInterval { get; init; }

    /// <summary>Whether the scan is all there is of the image: sequential, with all components.</summary>
    public bool IsWhole => !frame.Progressive && components.Length == frame.Components.Count;

    /// <summary>Goes through the scan; false where the data end before its blocks.</summary>
    public bool TryRead(ref JpegBits bits)
    {
        bool alone = components.Length == 1;
        int across = alone ? components[0].BlocksAcross : frame.UnitsAcross,
            units = across * (alone ? components[0].BlocksDown : frame.UnitsDown);
        for (int unit = 0; unit < units; unit++)
        {
            if (RestartInterval > 0 && unit > 0 && unit % RestartInterval == 0)
            {
                bits.Restart();
                _emptyBlocks = 0;
            }
            // Blocks that are lost before a restart marker are damage within the image, which goes on behind it.
            if (bits.RanOut)
            {
                if (RestartInterval == 0 || !bits.AtRestart) return false;
                continue;
            }
            for (int c = 0; c < components.Length; c++)
                for (int block = alone ? 1
                    : components[c].Horizontal * components[c].Vertical; block > 0; block--) ReadBlock(ref bits, c,
                    unit);
        }
        if (bits.RanOut) return false;
        foreach (JpegComponent component in components) component.Take(First, Last, MissingBits);
        return true;
    }

    private void ReadBlock(ref JpegBits bits, int c, int unit)
    {
        if (First > 0)
        {
            if (Refines) Refine(ref bits, ref components[0].Nonzero[unit]);
            else ReadBand(ref bits, ref components[0].Nonzero[unit]);
            return;
        }
        if (Refines) bits.Read(1);
        else bits.Read(means[c]!.Read(ref bits) & 15);
        if (frame.Progressive) return;
        for (int k = 1; k < JpegFrame.Coefficients; k++)
        {
            int code = others[c]!.Read(ref bits), zeros = code >> 4, size = code & 15;
            if (size == 0 && zeros != 15) return;
            k += zeros;
            bits.Read(size);
        }
    }

    private void ReadBand(ref JpegBits bits, ref ulong nonzero)
    {
        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return;
        }
        for (int k = First; k <= Last; k++)
        {
            int code = others[0]!.Read(ref bits), zeros = code >> 4, size = code & 15;
            if (size == 0 && zeros != 15)
            {
                _emptyBlocks = (1 << zeros) + bits.Read(zeros) - 1;
                return;
            }
            k += zeros;
            bits.Read(size);
            if (size > 0 && k < JpegFrame.Coefficients) nonzero |= 1UL << k;
        }
    }

    private void Refine(ref JpegBits bits, ref ulong nonzero)
    {
        int k = First;
        for (; _emptyBlocks == 0 && k <= Last; k++)
        {
            int code = others[0]!.Read(ref bits), zeros = code >> 4;
            bool isNew = (code & 15) != 0;
            if (isNew)
            {
                bits.Read(1);
            }
            else if (zeros != 15)
            {
                _emptyBlocks = (1 << zeros) + bits.Read(zeros);
                break;
            }
            // A bit for each coefficient that is not zero already, up to the place of the new one.
            for (; k <= Last; k++)
            {
                if ((nonzero >> k & 1) != 0) bits.Read(1);
                else if (--zeros < 0) break;
            }
            if (isNew && k <= Last) nonzero |= 1UL << k;
        }
        if (_emptyBlocks == 0) return;
        for (; k <= Last; k++)
            if ((nonzero >> k & 1) != 0)
                bits.Read(1);
        _emptyBlocks--;
    }
}
