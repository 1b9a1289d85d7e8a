using Atl.Data;
using Atl.Proto;
using OpenCvSharp;

namespace Atl.Images;

/// <summary>OpenCV's matrix of a decoded image.</summary>
internal static class ImageMat
{
    extension(DecodedImage image)
    {
        /// <summary>The image as OpenCV holds it, to read; it ends with the image.</summary>
        /// <exception cref="AtlException">The image was decoded by another library.</exception>
        public Mat Mat => image is OpenCvImage opencv ? opencv.Mat : throw new AtlException(
            $"an image decoded as {image.GetType()}, expected one that Atl.Images has decoded through OpenCV");
    }
}
