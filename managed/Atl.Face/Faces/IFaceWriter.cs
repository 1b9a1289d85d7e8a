namespace Atl.Face.Faces;

/// <summary>Writes the faces of images one after the other.</summary>
internal interface IFaceWriter : IDisposable
{
    /// <summary>Writes what was found in one image: its faces, that it has none, or why it could not be read.</summary>
    void Write(ImageFaces found);
}
