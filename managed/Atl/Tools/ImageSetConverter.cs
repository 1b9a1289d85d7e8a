using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tools;

/// <summary>
/// Puts the images of a list into a database of Datum records, with keys <c>%08d_name</c> in the order of the list.
/// (Caffe's convert_imageset.)
/// </summary>
internal static class ImageSetConverter
{
    private const int ImagesAtOnce = 256;
    private const int ImagesALine = 1000;

    /// <summary>Converts; an image that cannot be read is logged and left out, as in Caffe. Returns how many were
    /// put.</summary>
    /// <param name="rootFolder">Put before every path of the list, as it stands.</param>
    /// <param name="listFile">Lines of a path and its labels.</param>
    /// <param name="database">The new database.</param>
    /// <param name="backend">Its kind.</param>
    /// <param name="options">How images are stored.</param>
    /// <param name="logger">The logger for progress messages; null for none.</param>
    /// <exception cref="AtlException">The list or the database does not fit, sizes differ where they must not, or no
    /// image could be read.</exception>
    public static long Convert(string rootFolder, string listFile, string database, DataParameter.Types.DB backend,
        ImageSetOptions options, ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        if (options.Width > 0 != options.Height > 0)
            throw new AtlException($"a width of {options.Width} and a height of {options.Height} to resize to, "
                + "expected both or neither");
        if (options.Width > 0) ImageLimits.CheckTarget(options.Width, options.Height);
        RecordDatabase.CheckUnused(database);
        if (options.Labels < 1) throw new AtlException($"{options.Labels} labels an image, expected 1 or more");
        ListedImage[] entries = [.. new ImageList(listFile, options.Labels).Images];
        if (options.ShuffleSeed is { } seed)
        {
            logger.Info("image_set_converter.cpp", $"Shuffling data");
            new RandomStream(seed, "convert_imageset").Shuffle(entries.AsSpan());
        }
        logger.Info("image_set_converter.cpp", $"A total of {entries.Length} images.");
        if (options.EncodeType.Length > 0 && !options.Encoded)
            logger.Info("image_set_converter.cpp", $"encode_type specified, assuming encoded=true.");
        long put = 0;
        RecordDatabase.Create(database, backend, writer =>
        {
            long? size = null;
            for (int first = 0; first < entries.Length; first += ImagesAtOnce)
            {
                (Datum Datum, long Size)?[] read = new (Datum, long)?[Math.Min(ImagesAtOnce, entries.Length - first)];
                ParallelItems.Run(0, read.Length, Environment.ProcessorCount,
                    i => read[i] = TryRead(rootFolder, listFile, entries[first + i], options, logger));
                for (int i = 0; i < read.Length; i++)
                {
                    if (read[i] is not { } image) continue;
                    ListedImage entry = entries[first + i];
                    if (options.CheckSize && image.Size != (size ??= image.Size))
                        throw new AtlException(
                            $"{listFile}:{entry.Line}: image '{entry.Path}' comes to {image.Size} bytes of pixels, "
                                + $"expected {size} as the first");
                    writer.Put(RecordWriter.KeyOf(first + i, entry.Path), image.Datum);
                    if (writer.Count % ImagesALine == 0)
                        logger.Info("image_set_converter.cpp", $"Processed {writer.Count} files.");
                }
            }
            put = writer.Count;
            if (put == 0) throw new AtlException($"{listFile}: none of the images ({entries.Length}) could be read");
        }, logger: logger);
        if (put % ImagesALine != 0) logger.Info("image_set_converter.cpp", $"Processed {put} files.");
        if (put < entries.Length)
            logger.Warning("image_set_converter.cpp",
                $"{entries.Length - put} of {Amount.Of(entries.Length, "image")} could not be read and are skipped");
        return put;
    }

    // The datum, and how many bytes of pixels it holds or decodes to.
    private static (Datum Datum, long Size)? TryRead(string rootFolder, string listFile, ListedImage entry,
        ImageSetOptions options, ILogger logger)
    {
        string file = rootFolder + entry.Path;
        try
        {
            using DecodedImage image = DecodedImage.FromFile(file, options.Gray ? ImageColor.Gray
                : ImageColor.Color, options.Height, options.Width, logger);
            Datum datum = options.Encoded || options.EncodeType.Length > 0 ? Encoded(image, file, options)
                : image.ToDatum();
            // One whole number is what Caffe calls the label.
            if (entry.Labels is [var only] && only == (int)only) datum.Label = (int)only;
            else datum.FloatLabel.Add(entry.Labels.Select(label => (float)label));
            return (datum, image.View.Bytes.Length);
        }
        catch (Exception e) when (ItemFailure.IsOfItem(e))
        {
            logger.Error("image_set_converter.cpp", $"{listFile}:{entry.Line}: {ItemFailure.Reason(e)}");
            return null;
        }
    }

    // A file that is already what is asked for is stored as it is, without being compressed a second time.
    private static Datum Encoded(DecodedImage image, string file, ImageSetOptions options)
    {
        string own = Path.GetExtension(file).TrimStart('.').ToLowerInvariant();
        string type = options.EncodeType.Length > 0 ? options.EncodeType.ToLowerInvariant() : own;
        bool asItIs = !options.Gray && options.Height <= 0 && (own == type || (own == "jpeg" && type == "jpg"));
        byte[] bytes = asItIs ? DecodedImage.ReadFile(file) : image.Encode(type);
        return new Datum { Data = UnsafeByteOperations.UnsafeWrap(bytes), Encoded = true };
    }
}
