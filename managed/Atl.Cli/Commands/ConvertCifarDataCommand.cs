using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Tools;

namespace Atl.Cli.Commands;

/// <summary>convert_cifar_data: CIFAR-10's binary batches go into databases.</summary>
internal sealed class ConvertCifarDataCommand : Command
{
    public override string Name => "convert_cifar_data";

    public override string Summary => "write CIFAR-10's binary batches to databases, like Caffe's example";

    public override IReadOnlyList<Argument> Arguments =>
    [
        new("INPUT_FOLDER", "holds data_batch_1.bin to data_batch_5.bin and test_batch.bin"),
        new("OUTPUT_FOLDER", "output: cifar10_train_DB_TYPE and cifar10_test_DB_TYPE"),
        new("DB_TYPE", "lmdb or leveldb"),
    ];

    public override IReadOnlyList<Flag> Flags => [];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("the same as create_cifar10.sh", "atl convert_cifar_data data/cifar10 examples/cifar10 lmdb"),
        ("and its mean image", "atl compute_image_mean -backend=lmdb examples/cifar10/cifar10_train_lmdb "
            + "examples/cifar10/mean.binaryproto"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string backend = flags.Argument("DB_TYPE");
        if (!RecordDatabase.Backends.Contains(backend))
            throw new UsageException(
                $"DB_TYPE is '{backend}', expected {string.Join(" or ", RecordDatabase.Backends)}");
        CifarConverter.Convert(flags.Argument("INPUT_FOLDER"), flags.Argument("OUTPUT_FOLDER"), backend, log);
    }
}
