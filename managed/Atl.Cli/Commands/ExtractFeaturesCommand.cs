using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Nets;
using Atl.Proto;
using Atl.Tools;

namespace Atl.Cli.Commands;

/// <summary>extract_features: blobs of a net over its data, stored row after row.</summary>
internal sealed class ExtractFeaturesCommand : Command
{
    public override string Name => "extract_features";

    public override string Summary => "run a net over its data and store some of its blobs";

    public override IReadOnlyList<Argument> Arguments =>
    [
        new("pretrained_net_param", "the weights (caffemodel)"),
        new("feature_extraction_proto_file", "the net, with a data layer"),
        new("extract_feature_blob_name", "the blobs, separated by commas"),
        new("save_feature_dataset_name", "the new databases or files, one for each blob"),
        new("num_mini_batches", "how many batches"),
        new("db_type", "lmdb, leveldb, hdf5 or npy"),
        new("CPU/GPU", "where to compute") { Optional = true },
        new("DEVICE_ID", "the GPU's number") { Optional = true },
    ];

    public override IReadOnlyList<Flag> Flags => [ImageFlags.MaxPixels];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("the embedding of 100 batches",
        "atl extract_features face.caffemodel face_features.prototxt fc5 features.npy 100 npy")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string[] blobs = Parts(flags.Argument("extract_feature_blob_name")),
            outputs = Parts(flags.Argument("save_feature_dataset_name"));
        if (blobs.Length != outputs.Length)
            throw new UsageException($"{blobs.Length} blob names and {outputs.Length} dataset names, expected as "
                + "many of both");
        if (!int.TryParse(flags.Argument("num_mini_batches"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int batches) || batches <= 0)
            throw new UsageException($"num_mini_batches is '{flags.Argument("num_mini_batches")}', expected a "
                + "positive number");
        string format = flags.Argument("db_type");
        if (!FeatureFile.Formats.Contains(format))
            throw new UsageException(
                $"db_type is '{format}'{NearestName.Hint(format, FeatureFile.Formats)}, expected one of "
                    + $"{string.Join(", ", FeatureFile.Formats)}");
        // Caffe's usage text has DEVICE_ID=0, and people type it so.
        string id = flags.Argument("DEVICE_ID").Replace("DEVICE_ID=", "", StringComparison.Ordinal);
        if (flags.Argument("CPU/GPU") is not ("" or "CPU" or "GPU"))
            throw new UsageException($"found '{flags.Argument("CPU/GPU")}', expected CPU or GPU");
        string[] gpu = flags.Argument("CPU/GPU") != "GPU" ? [] : id.Length > 0 ? [id] : ["0"];
        using Net net = new(ProtoFiles.ReadNet(flags.Argument("feature_extraction_proto_file"),
            CommonOptions.TextFormat(flags, log)), new NetOptions
            { Phase = Phase.Test, Device = GpuOptions.Device(gpu, log), Keep = blobs, Logger = log });
        WeightsReport.Load(net, [WeightsFile.Read(flags.Argument("pretrained_net_param"), note => log.Info($"{note}"))])
            .Warn();
        new FeatureExtraction(net, blobs).Run(outputs, batches, format);
    }

    private static string[] Parts(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
