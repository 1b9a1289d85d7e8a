using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>The HDF5 files of Data/Hdf5.</summary>
internal static class Hdf5Resource
{
    /// <summary>Copies a file to a folder.</summary>
    /// <returns>The copy.</returns>
    public static string Copy(string name, TemporaryFolder folder)
    {
        string path = folder[$"{name}.h5"];
        using Stream resource = typeof(Hdf5Resource).Assembly.GetManifestResourceStream($"{name}.h5")!;
        using FileStream file = File.Create(path);
        resource.CopyTo(file);
        return path;
    }
}
