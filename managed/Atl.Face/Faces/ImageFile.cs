namespace Atl.Face.Faces;

/// <summary>An image to work on.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Name">Its path below the folder that it was found in: what results made from it are called.</param>
public sealed record ImageFile(string Path, string Name);
