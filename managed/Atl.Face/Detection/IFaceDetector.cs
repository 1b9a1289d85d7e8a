using Atl.Face.Faces;
using OpenCvSharp;

namespace Atl.Face.Detection;

/// <summary>Finds faces. One detector serves one thread.</summary>
public interface IFaceDetector : IDisposable
{
    /// <summary>The faces of each image, by falling score.</summary>
    /// <param name="images">Images of 8 bits a channel, blue-green-red.</param>
    IReadOnlyList<IReadOnlyList<DetectedFace>> Detect(IReadOnlyList<Mat> images);
}
