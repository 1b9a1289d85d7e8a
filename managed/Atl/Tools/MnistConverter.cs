using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tools;

/// <summary>
/// Puts MNIST's digits (idx files of bytes, as they are or packed by gzip) into a database of Datum records of 1 × rows
/// × columns, with keys <c>%08d</c> in the order of the files. (convert_mnist_data of Caffe's MNIST example.)
/// </summary>
internal static class MnistConverter
{
    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int ImagesHeader = 16, LabelsHeader = 8;

    // Digits are packed to a fifth.
    private const long FewestUnpacked = 1 << 26, UnpackedPerByte = 20;

    /// <summary>Converts; returns how many digits were put.</summary>
    /// <param name="imageFile">An idx file of images: magic number 2051, count, rows, columns, bytes.</param>
    /// <param name="labelFile">An idx file of labels: magic number 2049, count, bytes.</param>
    /// <param name="database">The new database.</param>
    /// <param name="backend">Its kind.</param>
    /// <param name="logger">The logger for progress messages; null for none.</param>
    /// <exception cref="AtlException">A file is missing, is none of these or does not fit the other, or the database is
    /// there already.</exception>
    public static long Convert(string imageFile, string labelFile, string database, DataParameter.Types.DB backend,
        ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        RecordDatabase.CheckUnused(database);
        byte[] images = Read(imageFile, "images", ImagesMagic, ImagesHeader),
            labels = Read(labelFile, "labels", LabelsMagic, LabelsHeader);
        uint count = Number(images, 4), labelCount = Number(labels, 4), rows = Number(images, 8),
            columns = Number(images, 12);
        if (labelCount != count)
            throw new AtlException($"{labelFile}: {labelCount} labels, expected {count}, the number of images in "
                + $"{imageFile}");
        CheckLength(labelFile, labels, LabelsHeader, count);
        CheckLength(imageFile, images, ImagesHeader, (decimal)count * rows * columns);
        logger.Info("mnist_converter.cpp", $"A total of {count} items.");
        logger.Info("mnist_converter.cpp", $"Rows: {rows} Cols: {columns}");
        int pixels = (int)(rows * columns);
        RecordDatabase.Create(database, backend, writer =>
        {
            for (int i = 0; i < count; i++)
                writer.Put(i.ToString("D8", CultureInfo.InvariantCulture), new Datum
                {
                    Channels = 1,
                    Height = (int)rows,
                    Width = (int)columns,
                    Label = labels[LabelsHeader + i],
                    Data = ByteString.CopyFrom(images, ImagesHeader + i * pixels, pixels),
                });
        }, logger: logger);
        logger.Info("mnist_converter.cpp", $"Processed {count} files.");
        return count;
    }

    private static byte[] Read(string path, string what, int magic, int header)
    {
        byte[] bytes = UserFile.ReadAll(path, $"an idx file of {what}");
        if (bytes is [0x1F, 0x8B, ..]) bytes = Unpack(path, bytes);
        if (bytes.Length >= sizeof(int) && Number(bytes, 0) is var found && found != magic)
            throw new AtlException($"{path}: begins with {found}, expected {magic}, the magic number of an idx file "
                + $"of {what}");
        return bytes.Length >= header
            ? bytes : throw new AtlException($"{path}: {bytes.Length} bytes, expected an idx file of {what}");
    }

    private static byte[] Unpack(string path, byte[] packed)
    {
        try
        {
            using GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
            using MemoryStream bytes = new();
            long most = Math.Min(FewestUnpacked + UnpackedPerByte * packed.Length, Array.MaxLength);
            byte[] part = new byte[1 << 16];
            for (int read; (read = stream.Read(part)) > 0;)
            {
                if (bytes.Length + read > most)
                    throw new AtlException($"{path}: {packed.Length} bytes of gzip unpack to more than {most}, "
                        + "expected digits; unpack it first (gunzip)");
                bytes.Write(part.AsSpan(0, read));
            }
            return bytes.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new AtlException($"{path}: the gzip file is damaged: {e.Message}", e);
        }
    }

    private static void CheckLength(string path, byte[] bytes, int header, decimal expected)
    {
        if (bytes.Length - header != expected)
            throw new AtlException($"{path}: {bytes.Length - header} bytes after its header, expected {expected}");
    }

    private static uint Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
