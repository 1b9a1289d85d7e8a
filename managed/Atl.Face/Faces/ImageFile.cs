namespace Atl.Face.Faces;

/// <summary>An image to work on.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Name">Its path below the folder that it was found in: what results made from it are called.</param>
/// <param name="Label">Its label: that of a list, or the number of its folder; null where neither is known.</param>
internal sealed record ImageFile(string Path, string Name, int? Label = null)
{
    /// <summary>The folder part of the name; empty where there is none.</summary>
    public string Folder => Name.LastIndexOf('/') is > 0 and var slash ? Name[..slash] : "";
}
