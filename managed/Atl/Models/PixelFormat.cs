namespace Atl;

/// <summary>The order of a pixel's bytes in memory, 8 bits per channel.</summary>
public enum PixelFormat
{
    /// <summary>Blue, green, red: OpenCV's Mat.</summary>
    Bgr,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red, alpha, which is ignored: GDI+, WPF, SkiaSharp.</summary>
    Bgra,

    /// <summary>Red, green, blue, alpha, which is ignored: ImageSharp's Rgba32.</summary>
    Rgba,

    /// <summary>One channel.</summary>
    Gray,
}
