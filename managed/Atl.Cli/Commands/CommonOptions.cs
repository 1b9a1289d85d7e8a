using Atl.Cli.CommandLine;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>What several commands read from their flags.</summary>
internal static class CommonOptions
{
    public static readonly Flag Model = new("model", FlagKind.Text, "the net's prototxt", "FILE") { Required = true };
    public static readonly Flag Weights = new("weights", FlagKind.Text, "trained weights (caffemodel); several with commas between them", "FILE");
    public static readonly Flag Iterations = new("iterations", FlagKind.Integer, "how many times the net is run", "N") { Default = "50" };
    public static readonly Flag Level = new("level", FlagKind.Integer, "the level that rules with min_level and max_level see", "N") { Default = "0" };
    public static readonly Flag Stage = new("stage", FlagKind.Text, "the stages that rules with stage and not_stage see", "a,b");

    public static Flag Phase(string byDefault) =>
        new("phase", FlagKind.Text, "the phase of the net", "TRAIN|TEST") { Default = byDefault, Choices = ["TRAIN", "TEST"] };

    /// <summary>How text files are read: notes go to the log.</summary>
    public static TextFormatOptions TextFormat(FlagValues flags) =>
        new() { AllowUnknownFields = flags.Switch("allow_unknown_fields"), Note = note => CaffeLog.Info(note) };

    /// <summary>The net of the flags <c>-model</c>, <c>-weights</c>, <c>-phase</c>, <c>-level</c> and <c>-stage</c>.</summary>
    public static Net BuildNet(FlagValues flags, NetOptions options)
    {
        NetParameter parameter = ProtoFiles.ReadNet(flags.Text("model"), TextFormat(flags));
        Net net = new(parameter, options with { Level = flags.Integer("level"), Stages = flags.Parts("stage") });
        try
        {
            foreach (string weights in flags.Parts("weights")) net.CopyTrainedLayersFrom(ProtoFiles.ReadNetBinary(weights, note => CaffeLog.Info(note)));
            return net;
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    public static int PositiveIterations(FlagValues flags) => flags.Integer("iterations") is > 0 and var iterations
        ? iterations
        : throw new UsageException($"flag '-iterations' is '{flags.Text("iterations")}', expected a positive number");

    public static Phase PhaseOf(FlagValues flags) => flags.Text("phase") == "TEST" ? Proto.Phase.Test : Proto.Phase.Train;
}
