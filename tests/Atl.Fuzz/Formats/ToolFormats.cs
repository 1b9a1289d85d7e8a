using System.Text;
using System.Text.RegularExpressions;
using Atl.Fuzz.Mutation;
using Atl.Fuzz.Running;

namespace Atl.Fuzz.Formats;

/// <summary>Files of other data sets, logs, the folders of runs, and command lines.</summary>
internal static partial class ToolFormats
{
    private const string Metrics = """
        {"kind":"start","iteration":0,"time":1700000000.5,"net":"small","facts":{"solver":"SGD","batch":"4"}}
        {"kind":"train","iteration":0,"time":1700000001.5,"loss":2.5,"learning_rate":0.1,"lambda":5,"outputs":{"loss":2.5}}
        {"kind":"test","iteration":0,"time":1700000002.5,"net":0,"outputs":{"accuracy":0.5}}
        {"kind":"angles","iteration":0,"time":1700000003.5,"own_centre":[1],"other_centre":[3],"genuine":[1],"impostor":[7]}
        {"kind":"snapshot","iteration":1,"time":1700000004.5,"model":"x_iter_1.caffemodel"}
        {"kind":"train","iteration":1,"time":1700000005.5,"loss":"NaN","outputs":{}}

        """;

    // These ask for hours of work by their names alone, or train for long.
    private static readonly string[] LongCommands = ["demo", "time", "test", "train", "extract_features"];

    /// <summary>The formats.</summary>
    public static IEnumerable<FuzzFormat> All =>
    [
        new("mnist")
        {
            Seeds = _ => [Beside(Digits, Labels), Beside(Labels, Digits)],
            Mutators = [FieldMutator.At((0, 4, true), (4, 4, true), (8, 4, true), (12, 4, true))],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["convert_mnist_data", "case/images-idx3-ubyte", "case/labels-idx1-ubyte", "out/db"],
                ["convert_mnist_data", "case/images-idx3-ubyte", "case/labels-idx1-ubyte", "out/db", "-backend",
                    "leveldb"]),
            Shallow = NoIdx(),
        },
        new("cifar")
        {
            Seeds = _ => [Cifar(0), Cifar(5)],
            // All that a batch can lack is a byte of its length, or a right label.
            Mutators = [FieldMutator.At((0, 1, false), (1, 1, false), (3072, 1, false))],
            Run = fuzzCase => fuzzCase.Atl("convert_cifar_data", "case", "out", "lmdb"),
            Shallow = NoCifar(),
        },
        new("windows")
        {
            Seeds = _ => [Text("windows.txt", string.Concat(Scene.Images.Select((name, i) =>
                $"# {i}\n{Scene.Tree}/{name}\n3\n16\n16\n2\n{i + 1} 0.9 2 2 12 12\n0 0.1 0 0 8 8\n")))],
            Mutators = [new TextMutator("#")],
            Run = fuzzCase =>
                fuzzCase.Atl("run", "-model", "scene/windows.prototxt", "-phase", "TRAIN", "-out", "out/blobs"),
            Shallow = NoWindows(),
        },
        new("log")
        {
            Seeds = _ => [Text("train.log", CaffeLog.Text)],
            Mutators = [new TextMutator("Iteration", "loss", "lr", "Testing", "net", "output", "Solving", "I0210")],
            Run = fuzzCase => fuzzCase.AtlOneOf(
                ["parse_log", fuzzCase.File, "out"],
                ["plot_training_log", "6", "out/x.png", fuzzCase.File],
                ["plot_training_log", "0", "out/x.png", fuzzCase.File],
                ["report", "case", "-out", "out/page.html"]),
            Shallow = NoLog(),
        },
        new("run")
        {
            Seeds = RunSeeds,
            Mutators = [new TextMutator("null", "[]", "{}", "\"NaN\"", "\"Infinity\"", "true", "kind", "start", "train",
                "[1,2,3]", "1e400")],
            Run = fuzzCase => fuzzCase.Atl("report", "case/run", "-out", "out/page.html"),
            Shallow = NoRun(),
        },
        new("arguments")
        {
            Seeds = _ =>
            [
                .. from words in (string[][])[
                    ["lint", Scene.Deploy], ["summary", Scene.Deploy], ["layers"], ["device_query"], ["help", "train"],
                    ["run", "-model", Scene.Deploy, "-out", "out/blobs"],
                        ["convert", Scene.Weights, "out/x.caffemodel.h5"],
                    ["diff", Scene.Weights, Scene.Weights], ["verify", Scene.Features, "-all", "-bootstrap", "0"],
                    ["identify", Scene.Features], ["import", Scene.Tree, "-out", "out/db"],
                        ["draw_net", Scene.Deploy, "out/x.svg"],
                    ["align", "-faces", "case/none.txt", "-out", "out/aligned"],
                        ["convert_imageset", "scene/tree/", "scene/list.txt", "out/db"],
                    ["extract", Scene.Tree, "-model", Scene.Deploy, "-weights", Scene.Weights, "-out", "out/x.npy"],
                ]
                select new FuzzInput("arguments.txt", Encoding.UTF8.GetBytes(string.Join('\n', words))),
            ],
            Mutators = [new ArgumentMutator()],
            Run = RunArguments,
            IsCommandLine = true,
            Shallow = NoCommand(),
        },
    ];

    private static FuzzInput Digits =>
        new("images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 6, 0, 0, 0, 6, .. new byte[72]]);

    private static FuzzInput Labels => new("labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);

    private static FuzzInput Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static FuzzInput Beside(FuzzInput input, FuzzInput other) => input with { Beside = [other] };

    private static FuzzInput Cifar(int damaged)
    {
        FuzzInput[] batches =
        [
            .. ((string[])[.. Enumerable.Range(1, 5).Select(number => $"data_batch_{number}"), "test_batch"])
                .Select((name, label) =>
                new FuzzInput($"{name}.bin", [(byte)label, .. new byte[3 * 32 * 32]])),
        ];
        return batches[damaged] with { Beside = [.. batches.Where((_, i) => i != damaged)] };
    }

    private static FuzzInput[] RunSeeds(string scratch)
    {
        string run = Path.Combine(scratch, "run");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "metrics.jsonl"), Metrics);
        ProgramRun verified = FuzzCase.Execute(
            ["verify", Scene.Features, "-all", "-run", run, "-as", "set", "-images", Scene.Tree, "-bootstrap", "0"]);
        return verified.ExitCode == 0
            ? [FuzzInput.InFolder(run, "metrics.jsonl"), FuzzInput.InFolder(run, "verifications/set.json")]
            : throw new InvalidOperationException(verified.Text);
    }

    private static void RunArguments(FuzzCase fuzzCase)
    {
        string[] words = [.. Encoding.UTF8.GetString(fuzzCase.Input.Content).Split('\n').Select(Harmless)];
        if (!words.Any(LongCommands.Contains)) fuzzCase.Atl(words);
    }

    // Nothing is written outside the working folder, whatever a word becomes; and no system gives a program a NUL.
    private static string Harmless(string word) => word.Replace("..", "x", StringComparison.Ordinal)
        .Replace("=/", "=x", StringComparison.Ordinal).Replace('~', 'x').Replace('\0', 'x').TrimStart('/');

    [GeneratedRegex("begins with|expected an idx file")]
    private static partial Regex NoIdx();

    [GeneratedRegex("expected records of")]
    private static partial Regex NoCifar();

    [GeneratedRegex("names no images|:1: .*'#'")]
    private static partial Regex NoWindows();

    [GeneratedRegex("no iteration|no line|holds no")]
    private static partial Regex NoLog();

    [GeneratedRegex("no entry of a run's log")]
    private static partial Regex NoRun();

    [GeneratedRegex("unknown command|usage:")]
    private static partial Regex NoCommand();
}
