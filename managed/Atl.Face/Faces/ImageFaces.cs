namespace Atl.Face.Faces;

/// <summary>The faces of one image, or why it has none to show.</summary>
/// <param name="Image">The image.</param>
/// <param name="Width">Its columns; 0 where they are not known.</param>
/// <param name="Height">Its rows; 0 where they are not known.</param>
/// <param name="Faces">The faces, the surest first; none where the image shows none or could not be read.</param>
/// <param name="Error">Why the image could not be read; null where it could.</param>
internal sealed record ImageFaces(ImageFile Image, int Width, int Height, IReadOnlyList<DetectedFace> Faces,
    string? Error = null)
{
    /// <summary>File and line that say so; null where a detector does.</summary>
    public string? Place { get; init; }

    /// <summary>The image with more faces; one that it has already is no second one.</summary>
    public ImageFaces With(IEnumerable<DetectedFace> faces) => this with { Faces = [.. Faces.Union(faces)] };
}
