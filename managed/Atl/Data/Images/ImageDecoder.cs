using Atl.Proto;

namespace Atl.Data;

/// <summary>The library that decodes images for all nets and commands of the process.</summary>
/// <remarks>
/// Atl itself depends on none. Atl.Images has one, OpenCV, which it gives to <see cref="Use"/> where a project that is
/// built with Atl.Generators references it. Thread-safe.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>The words in which messages name the expected bytes of an image.</summary>
    public const string Expected = "expected an image of 8 bits a channel (JPEG, PNG, ...)";

    private static volatile IImageDecoder? _registered;

    /// <summary>The decoder in use; null before <see cref="Use"/>.</summary>
    public static IImageDecoder? Registered => _registered;

    /// <summary>Decodes images with this from now on, in place of what was used before.</summary>
    public static void Use(IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        _registered = decoder;
    }

    /// <summary>The decoder in use.</summary>
    /// <exception cref="AtlException">There is none.</exception>
    internal static IImageDecoder Required() => _registered ?? throw new AtlException(
        "an image is to be decoded, and the program has no image decoder: reference Atl.Images, which decodes through "
        + "OpenCV, or give a decoder of your own to ImageDecoder.Use");
}
