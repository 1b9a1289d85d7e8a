using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Logging;
using Atl.Proto;
using Atl.Tools;

namespace Atl.Cli.Commands;

/// <summary>compute_image_mean: the mean image of a database.</summary>
internal sealed class ComputeImageMeanCommand : Command
{
    public override string Name => "compute_image_mean";

    public override string Summary => "compute the mean image of a database";

    public override IReadOnlyList<Argument> Arguments =>
        [new("INPUT_DB", "the database"),
        new("OUTPUT_FILE", "the mean, for transform_param's mean_file (binaryproto)") { Optional = true }];

    public override IReadOnlyList<Flag> Flags => [ConvertImageSetCommand.Backend, ImageFlags.MaxPixels];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("for mean_file", "atl compute_image_mean faces_lmdb mean.binaryproto")];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        BlobProto mean = ImageMean.Compute(flags.Argument("INPUT_DB"),
            RecordDatabase.Parse(flags.Text("backend")), log);
        if (flags.Argument("OUTPUT_FILE") is { Length: > 0 } file)
        {
            log.Info($"Write to {file}");
            ProtoFiles.WriteBlob(file, mean);
        }
        log.Info($"Number of channels: {mean.Channels}");
        int area = mean.Height * mean.Width;
        for (int channel = 0; channel < mean.Channels; channel++)
            log.Info($"mean_value channel [{channel}]: "
                + $"{LogNumber.Format(mean.Data.Skip(channel * area).Take(area).Average(value => (double)value))}");
    }
}
