using System.Globalization;
using System.Text;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Import;

/// <summary>
/// The progress of an import, in a file beside its unfinished database: the plan's fingerprint, then one line per
/// image. Lines reach the disk before their records, so that the journal always covers the database.
/// </summary>
internal sealed class ImportJournal : IDisposable
{
    private readonly FileStream _stream;

    private ImportJournal(FileStream stream) => _stream = stream;

    /// <summary>Whether there is a journal; <paramref name="fingerprint"/> is the plan's that it belongs to.</summary>
    public static bool Exists(string file, out string fingerprint)
    {
        bool exists = File.Exists(file);
        fingerprint = exists ? TextLines.Each(file, "the journal of an import", allowZeros: true).FirstOrDefault()
            ?? "" : "";
        return exists;
    }

    /// <summary>
    /// Reads the entries of the first images. Entries of later ones, whose records were not written, do not count.
    /// </summary>
    /// <exception cref="AtlException">Lines are missing.</exception>
    public static IReadOnlyList<ImportedImage> Read(string file, int count)
    {
        IEnumerable<string> lines = TextLines.Each(file, "the journal of an import", allowZeros: true).Skip(1);
        ImportedImage[] images = [.. lines.Select(ImportedImage.Parse).OfType<ImportedImage>().Take(count)];
        for (int i = 0; i < count; i++)
            if (i >= images.Length || images[i].Place != i)
                throw new AtlException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}: image {i} of {count} is missing, expected all images of the database; pass -overwrite to "
                        + $"start over"));
        return images;
    }

    /// <summary>Begins a journal, with what an earlier run did.</summary>
    /// <exception cref="AtlException">The file cannot be written.</exception>
    public static ImportJournal Begin(string file, string fingerprint, IReadOnlyList<ImportedImage> done)
    {
        AtomicFile.Write(file, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            writer.WriteLine(fingerprint);
            foreach (ImportedImage image in done) writer.WriteLine(image);
        });
        return new ImportJournal(new OutputFile(file, FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Adds images and brings them to the disk.</summary>
    /// <exception cref="AtlException">The disk is full or fails.</exception>
    public void Add(IEnumerable<ImportedImage> images)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(string.Concat(images.Select(image => $"{image}\n"))));
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new AtlException($"{_stream.Name}: cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _stream.Dispose();
}
