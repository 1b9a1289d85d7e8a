using Atl.Native;
using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// The pixels of one image, bytes or floats, either planar (channels × height × width, as in a raw Datum) or
/// interleaved (height × width × channels, as images are decoded).
/// </summary>
public readonly ref struct PixelView
{
    /// <summary>Byte pixels.</summary>
    /// <exception cref="AtlException">The number of pixels does not fit the extents.</exception>
    public PixelView(ReadOnlySpan<byte> bytes, int channels, int height, int width, bool interleaved)
        : this(channels, height, width, interleaved, bytes.Length, "bytes") => Bytes = bytes;

    /// <summary>Planar float pixels.</summary>
    /// <exception cref="AtlException">The number of pixels does not fit the extents.</exception>
    public PixelView(ReadOnlySpan<float> floats, int channels, int height, int width)
        : this(channels, height, width, false, floats.Length, "floats") => Floats = floats;

    private PixelView(int channels, int height, int width, bool interleaved, int found, string unit)
    {
        if (channels <= 0 || height <= 0 || width <= 0)
            throw new AtlException($"an image of {channels} x {height} x {width} (channels x height x width), expected "
                + "positive dims");
        if ((long)channels * height * width != found)
            throw new AtlException(
                $"{found} {unit} of pixels, expected {(long)channels * height * width} for {channels} x {height} x "
                    + $"{width} (channels x height x width)");
        (Channels, Height, Width, Interleaved) = (channels, height, width, interleaved);
    }

    /// <summary>The pixels where they are bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The pixels where they are floats.</summary>
    public ReadOnlySpan<float> Floats { get; }

    /// <summary>The number of channels (3: blue, green, red).</summary>
    public int Channels { get; }

    /// <summary>The number of rows.</summary>
    public int Height { get; }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>Whether the channels of one pixel lie beside each other.</summary>
    public bool Interleaved { get; }

    internal NativeImageLayout Layout => Interleaved
        ? new() { ChannelStride = 1, RowStride = (long)Width * Channels, ColumnStride = Channels }
        : Planes(Height, Width);

    /// <summary>Channels one after another, each of them rows of pixels.</summary>
    internal static NativeImageLayout Planes(int height, int width) =>
        new() { ChannelStride = (long)height * width, RowStride = width, ColumnStride = 1 };
}
