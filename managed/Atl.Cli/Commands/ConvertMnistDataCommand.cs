using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Tools;

namespace Atl.Cli.Commands;

/// <summary>convert_mnist_data: MNIST's idx files go into a database.</summary>
internal sealed class ConvertMnistDataCommand : Command
{
    public override string Name => "convert_mnist_data";

    public override string Summary => "write MNIST's idx files to a database, like Caffe's example";

    public override IReadOnlyList<Argument> Arguments =>
    [
        new("IMAGES", "an idx file of images, or its .gz"),
        new("LABELS", "the idx file of their labels, or its .gz"),
        new("DB_NAME", "the new database"),
    ];

    public override IReadOnlyList<Flag> Flags => [ConvertImageSetCommand.Backend];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("one half of create_mnist.sh",
        "atl convert_mnist_data t10k-images-idx3-ubyte t10k-labels-idx1-ubyte examples/mnist/mnist_test_lmdb")];

    public override void Run(FlagValues flags, GlogLogger log) => MnistConverter.Convert(
        flags.Argument("IMAGES"), flags.Argument("LABELS"), flags.Argument("DB_NAME"),
        RecordDatabase.Parse(flags.Text("backend")), log);
}
