using Atl.Data;
using OpenCvSharp;

namespace Atl.Images;

/// <summary>Decodes, resizes and encodes images for Atl through OpenCV, as Caffe does.</summary>
/// <remarks>
/// <para>The pixels are those of Caffe built with the same OpenCV, to the bit:</para>
/// <list type="bullet">
/// <item>Decoding is <c>cv::imdecode</c>, with <c>IMREAD_COLOR</c> for <see cref="ImageColor.Color"/> and
/// <c>IMREAD_GRAYSCALE</c> for <see cref="ImageColor.Gray"/> (is_color, force_color, force_gray),
/// <c>IMREAD_UNCHANGED</c> for <see cref="ImageColor.AsStored"/> and <c>IMREAD_ANYCOLOR</c> for
/// <see cref="ImageColor.GrayOrColor"/>. Channels are blue, green, red. OpenCV turns a JPEG upright as its Exif data
/// asks, except as stored.</item>
/// <item>Resizing is <c>cv::resize</c> with its default, bilinear interpolation (ImageData's new_height and new_width,
/// WindowData's windows, convert_imageset).</item>
/// <item>Mirroring a window is <c>cv::flip</c> around the vertical axis.</item>
/// <item>Encoding is <c>cv::imencode</c> with its default quality (convert_imageset's encode_type).</item>
/// </list>
/// <para>
/// Unlike Caffe, Atl refuses images that are truncated, are larger than <see cref="ImageLimits.MaxPixels"/>, or have
/// more than 8 bits a channel where they are wanted as stored. Nothing of OpenCV is loaded before the first image.
/// </para>
/// </remarks>
public sealed class OpenCvDecoder : IImageDecoder
{
    private static int _registered;

    /// <summary>
    /// Makes OpenCV Atl's image decoder; once, so that a decoder which the program gives to
    /// <see cref="ImageDecoder.Use"/> later stays. Assemblies built with Atl.Generators call it by themselves.
    /// </summary>
    public static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0) ImageDecoder.Use(new OpenCvDecoder());
    }

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlySpan<byte> encoded, ImageColor color, long maxPixels, string what) =>
        OpenCvImage.Decode(encoded, color, maxPixels, what);

    /// <inheritdoc/>
    public DecodedImage FromPlanes(PixelView planes, ImageColor color) => OpenCvImage.FromPlanes(planes, color);

    /// <inheritdoc/>
    public string? Reason(Exception error) => error switch
    {
        OpenCVException { Status: ErrorCode.StsNoMem } => "not enough memory for it",
        OpenCVException opencv => $"OpenCV cannot take it: {opencv.ErrMsg}",
        _ => null,
    };
}
