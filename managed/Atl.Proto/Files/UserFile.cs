using System.Globalization;

namespace Atl.Proto;

/// <summary>
/// Reads files that a user names. A named pipe, a socket or a device is refused, for reading it might never end; what
/// the user pipes in on purpose (<c>&lt;(command)</c> of a shell, <c>/dev/stdin</c>) is read up to a limit.
/// </summary>
internal static class UserFile
{
    /// <summary>The maximum of bytes of text from a pipe: lines take many times that in memory.</summary>
    private const int MostPipedText = 64 << 20;

    /// <summary>The characters of the longest line of text that is read where nothing else is said.</summary>
    public const int LongestLine = 1 << 20;

    private const int BufferBytes = 1 << 16;

    /// <summary>Opens a file to read; the stream can seek.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it is expected to be.</param>
    /// <param name="mostPiped">How many bytes a pipe may bring.</param>
    /// <exception cref="AtlException">It is missing or cannot be read, or is no file; or the pipe brings
    /// more.</exception>
    public static Stream Open(string path, string expected, int mostPiped = MostPipedText)
    {
        if (!IsPipedIn(path)) PathKinds.CheckRegular(path, expected);
        return Guarded<Stream>(path, expected, () =>
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                BufferBytes, FileOptions.SequentialScan);
            bool endless = !file.CanSeek || (IsPipedIn(path) && PathKinds.Of(path) != PathKind.File);
            if (!endless) return file;
            using (file) return Drain(file, "a pipe", path, expected, mostPiped);
        });
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it is expected to be.</param>
    /// <exception cref="AtlException">It is missing or cannot be read.</exception>
    public static byte[] ReadAll(string path, string expected)
    {
        using Stream stream = Open(path, expected);
        if (stream.Length > Array.MaxLength)
            throw new AtlException($"{PathText.Show(path)}: {stream.Length:N0} bytes, expected {expected} of at "
                + $"most {Array.MaxLength:N0}");
        byte[] bytes = new byte[stream.Length];
        Guarded(path, expected, () =>
        {
            stream.ReadExactly(bytes);
            return bytes;
        });
        return bytes;
    }

    /// <summary>The lines of a text file, one after another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it is expected to be.</param>
    /// <param name="longest">The characters of the longest line.</param>
    /// <exception cref="AtlException">It is missing or cannot be read, or a line is longer.</exception>
    public static IEnumerable<string> Lines(string path, string expected, int longest = LongestLine)
    {
        foreach (BoundedLine line in BoundedLines.Read(path, expected, longest))
            yield return !line.IsTooLong ? line.Text
                : throw new AtlException(string.Create(CultureInfo.InvariantCulture,
                $"{PathText.Show(path)}:{line.Number}: a line of more than {longest:N0} characters, expected "
                    + $"{expected}, with shorter lines"));
    }

    /// <summary>Returns the result of <paramref name="read"/>.</summary>
    /// <param name="path">The file that it reads.</param>
    /// <param name="expected">What that is expected to be.</param>
    /// <param name="read">Reads from the file.</param>
    /// <exception cref="AtlException">The file is missing or cannot be read.</exception>
    public static T Guarded<T>(string path, string expected, Func<T> read)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new AtlException($"'{PathText.Show(path)}': not the name of a file, expected "
                + $"{expected}{PathText.Hint(path)}");
        try
        {
            return read();
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            string shown = PathText.Show(path);
            if (e is UnauthorizedAccessException)
                throw new AtlException($"{shown}: no permission to read the file, expected {expected}", e);
            if (e is FileNotFoundException && new FileInfo(path).LinkTarget is { } target)
                throw new AtlException($"{shown}: a link to '{PathText.Show(target)}', which does not exist, expected "
                    + $"{expected}", e);
            throw new AtlException(File.Exists(path)
                ? $"{shown}: cannot be read: {e.Message}"
                : $"{shown}: no such file, expected {expected}{PathText.Hint(path)}", e);
        }
    }

    // A shell names the pipe that it makes for <(command) in this way.
    private static bool IsPipedIn(string path) => path == "/dev/stdin"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);

    /// <summary>All bytes of a stream whose length is not known before it is read.</summary>
    /// <param name="source">The stream, which stays open.</param>
    /// <param name="what">What it is, for the message about too many bytes: "a pipe".</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="expected">What it is expected to be.</param>
    /// <param name="most">How many bytes it may bring.</param>
    /// <exception cref="AtlException">It brings more.</exception>
    internal static MemoryStream Drain(Stream source, string what, string path, string expected, int most)
    {
        MemoryStream bytes = new();
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            if (bytes.Length + read > most)
                throw new AtlException($"{path}: {what} with more than {most:N0} bytes, expected {expected}; "
                    + "write it to a file first");
            bytes.Write(buffer, 0, read);
        }
        bytes.Position = 0;
        return bytes;
    }
}
