using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Devices;
using Atl.Face.Detection;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>The flags that say which face detector runs, and how.</summary>
internal static class DetectorFlags
{
    private static readonly IReadOnlyList<string> Mtcnn = FaceDetectorModel.MtcnnNames;
    private static readonly IReadOnlyList<string> Rsa = FaceDetectorModel.RsaNames;
    private static readonly MtcnnOptions Defaults = new();

    public static IReadOnlyList<Flag> All { get; } =
    [
        new("detector", FlagKind.Text, "the detector", "mtcnn|rsa") { Default = "mtcnn", Choices = ["mtcnn", "rsa"] },
        new("models", FlagKind.Text,
            $"the folder with the nets: .prototxt and .caffemodel of {string.Join(", ", Mtcnn)}, or of "
                + $"{string.Join(", ", Rsa)}", "DIR"),
        new("det1", FlagKind.Text,
            "P-Net, or res_pool2, if not in -models; omit the weights if they have the same name",
            "PROTOTXT[,CAFFEMODEL]"),
        new("det2", FlagKind.Text, "R-Net, or fm2fm, likewise", "PROTOTXT[,CAFFEMODEL]"),
        new("det3", FlagKind.Text, "O-Net, or f2r, likewise", "PROTOTXT[,CAFFEMODEL]"),
        new("thresholds", FlagKind.Text, "mtcnn: score thresholds of P-, R- and O-Net",
            "P,R,O") { Default = ".6,.7,.9" },
        new("factor", FlagKind.Text,
            $"mtcnn: scale factor between pyramid levels, at most {Number(MtcnnOptions.LargestFactor)}", "F")
        {
            Default = Number(Defaults.Factor),
        },
        new("minsize", FlagKind.Integer, "mtcnn: minimum face size in pixels",
            "N") { Default = Number(Defaults.MinSize) },
        new("transposed", FlagKind.Switch,
            "mtcnn: feed images transposed, as the published nets (trained from MATLAB) expect; else -notransposed")
        {
            Default = "true",
        },
        new("rgb", FlagKind.Switch,
            "mtcnn: feed red, green, blue, as the published nets expect; -norgb for blue, green, red")
        {
            Default = "true",
        },
        new("long_side", FlagKind.Integer, "rsa: scale the longer side to N pixels",
            "N") { Default = "2048" },
        CommonOptions.AllowMissingWeights,
    ];

    /// <summary>Whether a detector is asked for.</summary>
    public static bool AreGiven(FlagValues flags) => flags.IsGiven("models") || flags.IsGiven("det1");

    /// <summary>Loads the detector. Its nets take one thread each: workers take the cores.</summary>
    public static FaceDetectorModel Load(FlagValues flags, Device device, ILogger log)
    {
        bool rsa = flags.Text("detector") == "rsa";
        (string, string)[] files = [.. Mtcnn.Select((flag, i) => Files(flags, flag, rsa ? Rsa[i] : flag))];
        ModelOptions model = new()
        {
            Device = device,
            Logger = log,
            TextFormat = CommonOptions.TextFormat(flags, log),
            AllowMissingWeights = flags.Switch("allow_missing_weights"),
        };
        if (rsa)
            return new FaceDetectorModel(FaceDetectorModel.Load(files, model),
                new RsaOptions { LongSide = flags.Integer("long_side"), Threads = 1 });
        double[] thresholds = [.. flags.Parts("thresholds").Select(text => Parse("thresholds", text))];
        if (thresholds.Length != 3)
            throw new UsageException($"flag '-thresholds' is '{flags.Text("thresholds")}', expected three numbers "
                + "with commas between them");
        MtcnnOptions options = new()
        {
            ProposalThreshold = (float)thresholds[0],
            RefinementThreshold = (float)thresholds[1],
            OutputThreshold = (float)thresholds[2],
            Factor = Parse("factor", flags.Text("factor")),
            MinSize = flags.Integer("minsize"),
            Transposed = flags.Switch("transposed"),
            Rgb = flags.Switch("rgb"),
            Threads = 1,
        };
        return new FaceDetectorModel(FaceDetectorModel.Load(files, model), options);
    }

    private static (string Prototxt, string Weights) Files(FlagValues flags, string flag, string name)
    {
        if (!flags.IsGiven(flag) && !flags.IsGiven("models"))
            throw new UsageException($"the detector needs -models DIR with {name}.prototxt, or -{flag} PROTOTXT");
        string[] files = flags.IsGiven(flag) ? flags.Parts(flag)
            : [Path.Combine(flags.Text("models"), name + ".prototxt")];
        if (files.Length is not (1 or 2))
            throw new UsageException($"flag '-{flag}' is '{flags.Text(flag)}', expected PROTOTXT or "
                + "PROTOTXT,CAFFEMODEL");
        return (files[0], files.Length == 2 ? files[1] : Path.ChangeExtension(files[0], ".caffemodel"));
    }

    private static double Parse(string flag, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        ? number
        : throw new UsageException($"flag '-{flag}' is '{text}', expected a number");

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
