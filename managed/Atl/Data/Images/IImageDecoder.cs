using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// A library of images. Atl asks it for pixels alone: sizes, limits and truncated bytes are checked before, in
/// <see cref="DecodedImage"/>. Safe for use by several threads.
/// </summary>
public interface IImageDecoder
{
    /// <summary>Decodes an image into 8 bits a channel, interleaved, blue first.</summary>
    /// <param name="encoded">The bytes of a JPEG, PNG or other image.</param>
    /// <param name="color">Which channels are wanted.</param>
    /// <param name="maxPixels">The pixels that the image's header says; more are an error.</param>
    /// <param name="what">The image's name in messages, in the plural ("123 bytes").</param>
    /// <exception cref="ImageDepthException">It is decoded with more than 8 bits a channel.</exception>
    /// <exception cref="AtlException">
    /// It cannot be decoded; the message says what was expected (<see cref="ImageDecoder.Expected"/>).
    /// </exception>
    DecodedImage Decode(ReadOnlySpan<byte> encoded, ImageColor color, long maxPixels, string what);

    /// <summary>Makes an image of bytes in planes: of 1, 3 or 4 channels, blue first.</summary>
    /// <param name="planes">The pixels, at least one.</param>
    /// <param name="color">Which channels are wanted.</param>
    DecodedImage FromPlanes(PixelView planes, ImageColor color);

    /// <summary>Describes an exception of the library; null for exceptions from elsewhere.</summary>
    string? Reason(Exception error);
}
