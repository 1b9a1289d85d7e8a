namespace Atl;

/// <summary>How the bytes of a pixel lie beside each other in memory, 8 bits a channel.</summary>
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
