using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Data;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>run: one forward, and backward, of any net, with the blobs written as NumPy files.</summary>
internal sealed class RunCommand : Command
{
    public override string Name => "run";

    public override string Summary => "run a net once and write its blobs as .npy files";

    public override IReadOnlyList<Flag> Flags =>
    [
        CommonOptions.Model,
        CommonOptions.Weights,
        CommonOptions.AllowMissingWeights,
        CommonOptions.Phase("TEST"),
        new("input", FlagKind.List, "fill an input blob from a file; the blob takes the file's shape. Repeat for each "
            + "input",
            "BLOB=FILE.npy"),
        new("seed", FlagKind.Integer, "random seed for fillers, dropout and mining", "S") { Default = "1" },
        new("blobs", FlagKind.Text, "the blobs to write; default: all", "a,b"),
        new("diffs", FlagKind.Switch, "also run backward and write the gradients of blobs and parameters"),
        new("out", FlagKind.Text, "the folder to write to", "DIR") { Required = true },
        .. CommonOptions.OfOneNet,
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("the embedding of the faces in face.npy",
            "atl run -model face_deploy.prototxt -weights face.caffemodel -input data=face.npy -blobs fc5 -out blobs"),
        ("every blob and gradient of one training step",
            "atl run -model net.prototxt -phase TRAIN -seed 3 -diffs -out blobs"),
    ];

    public override bool PrintsNotesOnly => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        List<(string Blob, string File)> inputs = Inputs(flags);
        using Net net = CommonOptions.BuildNet(flags, log, new NetOptions
        {
            Phase = CommonOptions.PhaseOf(flags),
            Device = GpuOptions.Device(flags, log),
            Seed = (ulong)flags.Integer("seed"),
            KeepAll = true,
        }, flags.Switch("allow_missing_weights"));
        Feed(net, inputs, log);
        List<Blob> wanted = Wanted(net, flags.Parts("blobs"));
        bool diffs = flags.Switch("diffs");
        List<(string Name, Tensor Values)> outputs = Outputs(net, wanted, diffs);
        CheckFiles(outputs);
        float loss = net.Forward();
        log.Info($"Loss: {loss:G6}");
        if (diffs)
        {
            if (!Enumerable.Range(0, net.Layers.Count).Any(net.NeedsBackward))
                log.Warning($"no layer runs backward: the net learns no parameters; set force_backward: true to "
                    + $"run it");
            net.ClearParameterDiffs();
            net.Backward();
        }
        string folder = flags.Text("out");
        OutputFolder.Make(folder);
        foreach ((string name, Tensor values) in outputs) Write(folder, name, values);
    }

    // What is written, under its names.
    private static List<(string Name, Tensor Values)> Outputs(Net net, List<Blob> wanted, bool diffs)
    {
        List<(string, Tensor)> outputs = [];
        Dictionary<string, int> met = new(StringComparer.Ordinal);
        foreach (Blob blob in wanted)
        {
            // Losses without a top all make one that is called '(automatic)'.
            int number = met[blob.Name] = met.GetValueOrDefault(blob.Name) + 1;
            string name = number == 1 ? blob.Name : $"{blob.Name}_{number}";
            outputs.Add((name, blob.Data));
            if (diffs) outputs.Add((name + ".diff", blob.Diff));
        }
        if (!diffs) return outputs;
        foreach (LearnableParameter parameter in net.LearnableParameters)
            outputs.Add(($"{parameter.Layer}.param{parameter.Index}.diff", parameter.Blob.Diff));
        return outputs;
    }

    // One file must not be written over another, nor a gradient over a blob that has its name.
    private static void CheckFiles(List<(string Name, Tensor Values)> outputs)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach ((string name, _) in outputs)
            if (!names.TryAdd(FileName(name), name))
                throw new AtlException($"'{names[FileName(name)]}' and '{name}' would both be written to "
                    + $"{FileName(name)}; rename one of them in the net, or choose with -blobs which to write");
    }

    // A name may hold what a file's name may not.
    private static string FileName(string name) =>
        string.Concat(name.Select(c => c is '/' or '\\' || char.IsControl(c) ? '_' : c)) + ".npy";

    private static List<(string Blob, string File)> Inputs(FlagValues flags)
    {
        List<(string, string)> inputs = [];
        foreach (string input in flags.List("input"))
        {
            int equals = input.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == input.Length - 1)
                throw new UsageException($"flag '-input' is '{input}', expected BLOB=FILE.npy");
            inputs.Add((input[..equals], input[(equals + 1)..]));
        }
        return inputs;
    }

    private static void Feed(Net net, List<(string Blob, string File)> inputs, ILogger log)
    {
        foreach ((string name, string file) in inputs)
        {
            Blob blob = net.Inputs.FirstOrDefault(input => input.Name == name)
                ?? throw new AtlException(
                    $"the net has no input blob "
                        + $"'{name}'{NearestName.Hint(name, net.Inputs.Select(input => input.Name))}; it has "
                        + $"{Names(net.Inputs)}");
            (Shape shape, float[] values) = NpyFile.Read(file);
            blob.Reshape(shape);
            blob.Data.CopyFrom(values);
        }
        foreach (Blob blob in net.Inputs)
            if (!inputs.Exists(input => input.Blob == blob.Name))
                log.Warning(
                    $"input blob '{blob.Name}' has no input (-input {blob.Name}=FILE.npy) and is all zeros");
        net.Reshape();
    }

    private static List<Blob> Wanted(Net net, string[] names)
    {
        if (names.Length == 0) return [.. net.Blobs];
        return [.. names.Select(name => net.FindBlob(name)
            ?? throw new AtlException(
                $"the net has no blob '{name}'{NearestName.Hint(name, net.Blobs.Select(blob => blob.Name))}"))];
    }

    private static void Write(string folder, string name, Tensor tensor)
    {
        string file = Path.Combine(folder, FileName(name));
        NpyFile.Write(file, tensor);
        Console.WriteLine($"{QuotedName.Of(name)}\t{string.Join(' ', tensor.Shape)}\t{file}");
    }

    private static string Names(IReadOnlyList<Blob> blobs) => blobs.Count == 0 ? "none"
        : string.Join(", ", blobs.Select(blob => blob.Name));
}
