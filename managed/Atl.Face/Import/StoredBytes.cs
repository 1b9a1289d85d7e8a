using Atl.Data;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Import;

/// <summary>
/// Images whose bytes go into a database as they are. A Data layer decodes them as they are stored, into the channels
/// that they have, by whatever OpenCV its Caffe was built with; what it could not use is decoded and re-encoded.
/// </summary>
internal static class StoredBytes
{
    /// <summary>Decodes an image as a Data layer will.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="fault">Why its bytes must be re-encoded; empty where they can be stored.</param>
    /// <param name="logger">The logger that is warned of an image with damaged parts.</param>
    /// <exception cref="AtlException">The bytes are no image, or are truncated.</exception>
    public static DecodedImage Decode(ReadOnlySpan<byte> bytes, out string fault, ILogger logger)
    {
        fault = JpegOrientation.IsTurned(bytes) ? "turned by the camera" : IsOldKind(bytes) ? ""
            : "of a kind that older OpenCVs do not read";
        try
        {
            if (fault.Length == 0)
            {
                DecodedImage stored = DecodedImage.FromBytes(bytes, ImageColor.AsStored, logger: logger);
                if (stored.View.Channels is 1 or 3) return stored;
                stored.Dispose();
                fault = "with an alpha channel";
            }
        }
        catch (ImageDepthException e)
        {
            fault = FormattableString.Invariant($"of {e.Bits} bits a channel");
        }
        return DecodedImage.FromBytes(bytes, ImageColor.GrayOrColor, logger: logger);
    }

    // JPEG, PNG, BMP, WebP, TIFF and PNM; not GIF, say, which OpenCV reads since 4.11.
    private static bool IsOldKind(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xFF, 0xD8]) || bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G'])
            || bytes.StartsWith("BM"u8)
        || bytes.StartsWith("RIFF"u8) || bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)
        || (bytes.Length > 1 && bytes[0] == 'P' && bytes[1] is >= (byte)'1' and <= (byte)'6');
}
