using System.Globalization;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Tools;

/// <summary>
/// Puts CIFAR-10's binary batches (https://www.cs.toronto.edu/~kriz/cifar.html: a byte of label and 3 × 32 × 32 bytes
/// of red, green and blue planes a record) into two databases of Datum records, with keys <c>%05d</c> in the order of
/// the files. (convert_cifar_data of Caffe's CIFAR-10 example.)
/// </summary>
internal static class CifarConverter
{
    private const int Channels = 3, Side = 32, ImageBytes = Channels * Side * Side, RecordBytes = 1 + ImageBytes;
    private const int Classes = 10;
    private const int TrainingBatches = 5;

    /// <summary>Writes <c>cifar10_train_BACKEND</c> and <c>cifar10_test_BACKEND</c> into
    /// <paramref name="outputFolder"/>.</summary>
    /// <param name="inputFolder">Holds data_batch_1.bin to data_batch_5.bin and test_batch.bin.</param>
    /// <param name="outputFolder">Where the databases go; made where it is missing.</param>
    /// <param name="backend">One of <see cref="RecordDatabase.Backends"/>.</param>
    /// <param name="logger">The logger for progress messages; null for none.</param>
    /// <exception cref="AtlException">A file is missing or no batch of CIFAR-10, or a database is there
    /// already.</exception>
    public static void Convert(string inputFolder, string outputFolder, string backend, ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        string training = Path.Combine(outputFolder, $"cifar10_train_{backend}"),
            test = Path.Combine(outputFolder, $"cifar10_test_{backend}");
        RecordDatabase.CheckUnused(training);
        RecordDatabase.CheckUnused(test);
        logger.Info("cifar_converter.cpp", $"Writing Training data");
        Write(training, backend, [.. Enumerable.Range(1, TrainingBatches)
            .Select(batch => Path.Combine(inputFolder, $"data_batch_{batch}.bin"))], logger);
        logger.Info("cifar_converter.cpp", $"Writing Testing data");
        Write(test, backend, [Path.Combine(inputFolder, "test_batch.bin")], logger);
    }

    private static void Write(string database, string backend, string[] batches, ILogger logger) =>
        RecordDatabase.Create(database, RecordDatabase.Parse(backend), writer =>
        {
            for (int i = 0; i < batches.Length; i++)
            {
                if (batches.Length > 1) logger.Info("cifar_converter.cpp", $"Training Batch {i + 1}");
                byte[] bytes = UserFile.ReadAll(batches[i], "a binary batch of CIFAR-10");
                if (bytes.Length == 0 || bytes.Length % RecordBytes != 0)
                    throw new AtlException($"{batches[i]}: {bytes.Length} bytes, expected records of "
                        + $"{RecordBytes} bytes (the binary version of CIFAR-10)");
                for (int start = 0; start < bytes.Length; start += RecordBytes)
                {
                    if (bytes[start] >= Classes)
                        throw new AtlException(
                            $"{batches[i]}: record {start / RecordBytes} has the label {bytes[start]}, "
                                + $"expected 0 to {Classes - 1}: no binary batch of CIFAR-10");
                    writer.Put(writer.Count.ToString("D5", CultureInfo.InvariantCulture), new Datum
                    {
                        Channels = Channels,
                        Height = Side,
                        Width = Side,
                        Label = bytes[start],
                        Data = ByteString.CopyFrom(bytes, start + 1, ImageBytes),
                    });
                }
            }
        }, logger: logger);
}
