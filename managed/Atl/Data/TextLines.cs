using Atl.Proto;

namespace Atl.Data;

/// <summary>Reads text files that people write: lists of images, labels and pairs.</summary>
public static class TextLines
{
    /// <summary>All lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static string[] Read(string file, string expected)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, expected, e);
        }
    }

    /// <summary>The lines of a file one after the other, for files of millions of lines.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static IEnumerable<string> Each(string file, string expected)
    {
        using StreamReader reader = Guarded(() => new StreamReader(file, new FileStreamOptions { BufferSize = 1 << 20, Options = FileOptions.SequentialScan }));
        while (Guarded(reader.ReadLine) is { } line) yield return line;

        T Guarded<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(file, expected, e);
            }
        }
    }

    private static AtlException Unreadable(string file, string expected, Exception e) =>
        new(File.Exists(file) ? $"{file}: cannot be read: {e.Message}" : $"{file}: no such file, expected {expected}", e);
}
