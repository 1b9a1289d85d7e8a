using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Google.Protobuf;

namespace Atl.Tools;

/// <summary>
/// Puts the images of a list into a database of Datum records, with keys <c>%08d_name</c> in the order of the list. (Caffe's convert_imageset.)
/// </summary>
public static class ImageSetConverter
{
    private const int ImagesAtOnce = 256;
    private const int ImagesALine = 1000;

    /// <summary>Converts; an image that cannot be read is logged and left out, as in Caffe. Returns how many were put.</summary>
    /// <param name="rootFolder">Put before every path of the list, as it stands.</param>
    /// <param name="listFile">Lines "path label".</param>
    /// <param name="database">The new database.</param>
    /// <param name="backend">Its kind.</param>
    /// <param name="options">How images are stored.</param>
    /// <exception cref="AtlException">The list or the database does not fit, sizes differ where they must not, or no image could be read.</exception>
    public static long Convert(string rootFolder, string listFile, string database, DataParameter.Types.DB backend, ImageSetOptions options)
    {
        if (options.Width > 0 != options.Height > 0)
            throw new AtlException($"a width of {options.Width} and a height of {options.Height} to resize to, expected both or neither");
        RecordDatabase.CheckUnused(database);
        (string Path, int Label, int Line)[] entries = [.. new ImageList(listFile).Entries];
        if (options.ShuffleSeed is { } seed)
        {
            Log.Info("Shuffling data");
            new RandomStream(seed, "convert_imageset").Shuffle(entries.AsSpan());
        }
        Log.Info($"A total of {entries.Length} images.");
        long put = 0;
        RecordDatabase.Create(database, backend, writer =>
        {
            int? size = null;
            for (int first = 0; first < entries.Length; first += ImagesAtOnce)
            {
                Datum?[] datums = new Datum?[Math.Min(ImagesAtOnce, entries.Length - first)];
                Parallel.For(0, datums.Length, i => datums[i] = TryRead(rootFolder, listFile, entries[first + i], options));
                for (int i = 0; i < datums.Length; i++)
                {
                    if (datums[i] is not { } datum) continue;
                    (string path, _, int line) = entries[first + i];
                    if (options.CheckSize && datum.Data.Length != (size ??= datum.Data.Length))
                        throw new AtlException($"{listFile}:{line}: image '{path}' comes to {datum.Data.Length} bytes, expected {size} as the first");
                    writer.Put(RecordWriter.KeyOf(first + i, path), datum);
                    if (writer.Count % ImagesALine == 0) Log.Info($"Processed {writer.Count} files.");
                }
            }
            put = writer.Count;
            if (put == 0) throw new AtlException($"{listFile}: none of the {entries.Length} images could be read");
        });
        if (put % ImagesALine != 0) Log.Info($"Processed {put} files.");
        if (put < entries.Length) Log.Warning($"{entries.Length - put} of {entries.Length} images could not be read and are left out");
        return put;
    }

    private static Datum? TryRead(string rootFolder, string listFile, (string Path, int Label, int Line) entry, ImageSetOptions options)
    {
        string file = rootFolder + entry.Path;
        try
        {
            using DecodedImage image = DecodedImage.FromFile(file, options.Gray ? ImageColor.Gray : ImageColor.Color, options.Height, options.Width);
            if (!options.Encoded && options.EncodeType.Length == 0) return image.ToDatum(entry.Label);
            string own = Path.GetExtension(entry.Path).TrimStart('.').ToLowerInvariant(), type = options.EncodeType.Length > 0 ? options.EncodeType : own;
            bool asItIs = !options.Gray && options.Height == 0 && (own == type || (own == "jpeg" && type == "jpg"));
            byte[] bytes = asItIs ? File.ReadAllBytes(file) : image.Encode(type);
            return new Datum { Data = UnsafeByteOperations.UnsafeWrap(bytes), Label = entry.Label, Encoded = true };
        }
        catch (Exception e) when (e is AtlException or IOException or UnauthorizedAccessException)
        {
            Log.Error($"{listFile}:{entry.Line}: {e.Message}");
            return null;
        }
    }
}
