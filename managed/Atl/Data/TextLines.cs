using Atl.Proto;

namespace Atl.Data;

/// <summary>Reads text files that people write: lists of images, labels and pairs.</summary>
public static class TextLines
{
    /// <summary>All lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static string[] Read(string file, string expected) => UserFile.Guarded(file, expected, () => File.ReadAllLines(file));

    /// <summary>The lines of a file one after the other, for files of millions of lines.</summary>
    /// <param name="file">The file.</param>
    /// <param name="expected">What it should hold, for the message where there is none.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static IEnumerable<string> Each(string file, string expected)
    {
        FileStreamOptions options = new() { BufferSize = 1 << 20, Options = FileOptions.SequentialScan };
        using StreamReader reader = UserFile.Guarded(file, expected, () => new StreamReader(file, options));
        Func<string?> readLine = reader.ReadLine;
        while (UserFile.Guarded(file, expected, readLine) is { } line) yield return line;
    }
}
