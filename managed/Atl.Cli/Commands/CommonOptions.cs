using Atl.Cli.CommandLine;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>Options that several commands read from their flags.</summary>
internal static class CommonOptions
{
    public static readonly Flag Model = new("model", FlagKind.Text, "the net's prototxt", "FILE") { Required = true };
    public static readonly Flag Weights = new("weights", FlagKind.Text,
        "trained weights (caffemodel); several separated by commas", "FILE");

    public static readonly Flag AllowMissingWeights = new("allow_missing_weights", FlagKind.Switch,
        "continue if a layer has no weights; it keeps its filler's values");

    public static readonly Flag Iterations = new("iterations", FlagKind.Integer, "number of forward passes",
        "N")
    {
        Default = "50",
    };
    public static readonly Flag Level = new("level", FlagKind.Integer,
        "the level for rules with min_level and max_level", "N")
    {
        Default = "0",
    };
    public static readonly Flag Stage = new("stage", FlagKind.Text,
        "the stages for rules with stage and not_stage", "a,b")
    { MayBeEmpty = true };

    /// <summary>On what, and as which of its variants, one net runs.</summary>
    public static readonly Flag[] OfOneNet =
        [GpuOptions.Gpu, GpuOptions.Memory, ImageFlags.MaxPixels, Level, Stage];

    public static Flag Phase(string byDefault) =>
        new("phase", FlagKind.Text, "the phase of the net", "TRAIN|TEST")
        {
            Default = byDefault,
            Choices = ["TRAIN", "TEST"]
        };

    /// <summary>Options for reading text files: notes go to the log.</summary>
    public static TextFormatOptions TextFormat(FlagValues flags, ILogger log) =>
        new() { AllowUnknownFields = flags.Switch("allow_unknown_fields"), Note = note => log.Info($"{note}") };

    /// <summary>The net of the flags <c>-model</c>, <c>-weights</c>, <c>-phase</c>, <c>-level</c> and
    /// <c>-stage</c>.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="log">The program's log.</param>
    /// <param name="options">How the net is made.</param>
    /// <param name="allowMissingWeights">
    /// Whether a layer that finds no weights is a warning, as in Caffe, or an error.
    /// </param>
    public static Net BuildNet(FlagValues flags, ILogger log, NetOptions options,
        bool allowMissingWeights = true)
    {
        NetParameter parameter = ProtoFiles.ReadNet(flags.Text("model"), TextFormat(flags, log));
        return NetLoader.Load(parameter, options with
        {
            Level = flags.Integer("level"),
            Stages = flags.Parts("stage"),
            Logger = log,
        }, flags.IsGiven("weights") ? WeightsFiles(flags, log) : null, allowMissingWeights);
    }

    /// <summary>The files that -weights names; none where it is not given.</summary>
    /// <exception cref="UsageException">It is given and names none.</exception>
    public static string[] WeightsPaths(FlagValues flags)
    {
        string[] paths = flags.Parts("weights");
        if (paths.Length == 0 && flags.IsGiven("weights"))
            throw new UsageException($"flag '-weights' is '{flags.Text("weights")}', expected a file, or several "
                + "separated by commas");
        return paths;
    }

    /// <summary>The files of the flag <c>-weights</c>, each read when it is asked for.</summary>
    public static IEnumerable<WeightsFile> WeightsFiles(FlagValues flags, ILogger log) =>
        NetLoader.Read(WeightsPaths(flags), log);

    public static int PositiveIterations(FlagValues flags) => flags.Integer("iterations") is > 0 and var iterations
        ? iterations
        : throw new UsageException($"flag '-iterations' is '{flags.Text("iterations")}', expected a positive number");

    public static Phase PhaseOf(FlagValues flags) => flags.Text("phase") == "TEST" ? Proto.Phase.Test
        : Proto.Phase.Train;
}
