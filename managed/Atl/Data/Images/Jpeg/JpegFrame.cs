using System.Buffers.Binary;

namespace Atl.Data;

/// <summary>A JPEG's frame header, and which of its coefficients its scans have brought so far.</summary>
internal sealed class JpegFrame
{
    /// <summary>Coefficients of a block.</summary>
    public const int Coefficients = 64;

    private const int HeaderBytes = 6, ComponentBytes = 3, MostComponents = 4, LargestSampling = 4;
    private const int BlockSide = 8;
    private const long MostPixels = 1L << 30;

    private JpegFrame(bool progressive, int width, int height, JpegComponent[] components)
    {
        (Progressive, Components, Pixels) = (progressive, components, (long)width * height);
        int most = components.Max(component => component.Horizontal),
            tallest = components.Max(component => component.Vertical);
        UnitsAcross = Blocks(width, 1, most);
        UnitsDown = Blocks(height, 1, tallest);
        foreach (JpegComponent component in components)
            component.SetBlocks(Blocks(width, component.Horizontal, most), Blocks(height, component.Vertical, tallest));
    }

    /// <summary>Columns times rows.</summary>
    public long Pixels { get; }

    /// <summary>Whether the coefficients come in several scans.</summary>
    public bool Progressive { get; }

    /// <summary>The components: one for gray, three for color.</summary>
    public IReadOnlyList<JpegComponent> Components { get; }

    /// <summary>Coded units (MCUs) in a row of a scan of several components.</summary>
    public int UnitsAcross { get; }

    /// <summary>Rows of coded units in a scan of several components.</summary>
    public int UnitsDown { get; }

    /// <summary>Whether every coefficient has come with all its bits.</summary>
    public bool IsComplete => Components.All(component => component.IsComplete);

    /// <summary>Whether every component has been in a scan, so that a decoder has something to show of each.</summary>
    public bool IsShown => Components.All(component => component.IsShown);

    /// <summary>Reads a header; null where it is one that decoders refuse.</summary>
    public static JpegFrame? Parse(ReadOnlySpan<byte> header, bool progressive)
    {
        if (header.Length < HeaderBytes || header[0] != 8) return null;
        int height = BinaryPrimitives.ReadUInt16BigEndian(header[1..]),
            width = BinaryPrimitives.ReadUInt16BigEndian(header[3..]), count = header[5];
        if (width == 0 || height == 0 || (long)width * height > MostPixels) return null;
        if (count is 0 or > MostComponents || header.Length < HeaderBytes + (ComponentBytes * count)) return null;
        JpegComponent[] components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = header[(HeaderBytes + (ComponentBytes * i))..];
            (int across, int down) = (entry[1] >> 4, entry[1] & 15);
            if (across is 0 or > LargestSampling || down is 0 or > LargestSampling) return null;
            components[i] = new JpegComponent(entry[0], across, down);
        }
        return new JpegFrame(progressive, width, height, components);
    }

    private static int Blocks(int pixels, int sampling, int largest) =>
        ((pixels * sampling) + (BlockSide * largest) - 1) / (BlockSide * largest);
}
