namespace Atl.Data;

/// <summary>An image of an <see cref="ImageList"/>.</summary>
/// <param name="Path">The path as the list has it.</param>
/// <param name="Labels">The labels, as many for each image of a list.</param>
/// <param name="Line">The line that it stands on, from 1.</param>
internal sealed record ListedImage(string Path, double[] Labels, int Line);
