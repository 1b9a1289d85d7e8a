namespace Atl.Proto;

/// <summary>Finds what a file names where that file lies, when it is not in the working folder.</summary>
internal static class NearbyPath
{
    /// <summary>
    /// A path as it stands where it is there or absolute; else beside the file that names it; else, where the path
    /// names folders (<c>examples/mnist/lenet.prototxt</c>, as in a Caffe tree), below the nearest folder above that
    /// file which has it. Null where it is in none.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="namedBy">The file that names it; null where there is none.</param>
    /// <param name="exists">What is looked for: <see cref="File.Exists"/> or <see cref="Path.Exists"/>.</param>
    public static string? Find(string path, string? namedBy, Func<string, bool> exists)
    {
        if (exists(path)) return path;
        if (path.Length == 0 || Path.IsPathRooted(path) || namedBy is null) return null;
        string beside = Path.Combine(Path.GetDirectoryName(namedBy) ?? "", path);
        if (exists(beside)) return beside;
        if (Path.GetDirectoryName(path) is null or "") return null;
        for (string? folder = Path.GetDirectoryName(Path.GetFullPath(namedBy));
            (folder = Path.GetDirectoryName(folder)) is not null;)
        {
            string below = Path.Combine(folder, path);
            if (exists(below)) return below;
        }
        return null;
    }
}
