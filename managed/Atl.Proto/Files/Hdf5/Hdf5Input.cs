using PureHDF;
using PureHDF.VOL.Native;

namespace Atl.Proto;

/// <summary>
/// Opens HDF5 files to read. What a file claims (sizes of arrays and chunks, places, links) is compared with its bytes
/// first, so that a damaged one takes neither memory nor time beyond its size.
/// </summary>
internal static class Hdf5Input
{
    static Hdf5Input() => Hdf5Filters.Register();

    /// <summary>Opens a file.</summary>
    /// <exception cref="AtlException">It is missing, no HDF5 file, or damaged.</exception>
    public static NativeFile Open(string path) => Guarded(path, () =>
    {
        PathKinds.CheckRegular(path, "an HDF5 file");
        Hdf5Stream stream = new(path);
        try
        {
            Hdf5Structure.Check(path, stream);
            stream.Position = 0;
            return H5File.Open(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    });

    /// <summary>Returns the result of a function that reads from an open file.</summary>
    /// <exception cref="AtlException">The file is damaged; the message names it.</exception>
    public static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not AtlException named
            || !named.Message.Contains(path, StringComparison.Ordinal))
        {
            // Limits are met inside of the library, which puts its own words around them.
            if (AtlException.Causes(e).OfType<AtlException>().FirstOrDefault() is { } limit)
                throw new AtlException(limit.Message.Contains(path, StringComparison.Ordinal) ? limit.Message
                    : $"{path}: {limit.Message}", e);
            string why = FileFault.Is(e) || e is NotSupportedException
                || e.GetType() == typeof(Exception)
                ? $" ({e.Message})" : "";
            throw new AtlException(
                $"{path}: the HDF5 file cannot be read, it is truncated, damaged or no HDF5{why}", e);
        }
    }
}
