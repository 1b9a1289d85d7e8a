namespace Atl.Face.Import;

/// <summary>An image that is to be imported.</summary>
/// <param name="Name">What it is called: its path below the source's folder, or its key in an archive.</param>
/// <param name="Identity">Who it shows: a name, or a number where the source numbers its identities.</param>
internal readonly record struct ImportItem(string Name, string Identity);
