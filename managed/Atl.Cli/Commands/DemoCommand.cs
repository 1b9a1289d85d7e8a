using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Demo;

namespace Atl.Cli.Commands;

/// <summary>demo: from nothing to a trained face embedding and its report.</summary>
internal sealed class DemoCommand : Command
{
    private static readonly FaceDemoOptions Defaults = new();

    public override string Name => "demo";

    public override string Summary => "render synthetic faces, train on them, verify unseen identities, write a report";

    public override IReadOnlyList<Flag> Flags =>
    [
        new("solver", FlagKind.Text, "the solver's prototxt; its net reads the LMDB train_lmdb in the output folder",
            "FILE") { Default = Defaults.Solver },
        new("deploy", FlagKind.Text, "the embedding net without data and loss", "FILE") { Default = Defaults.Deploy },
        new("out", FlagKind.Text, "output folder for the face set and the report",
            "FOLDER") { Default = Defaults.OutputFolder },
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("from the repository's root", "atl demo"),
        ("with another loss or schedule", "atl demo -solver my_solver.prototxt")];

    public override bool PrintsNotesOnly => true;

    public override bool IsQuiet => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        FaceDemoOptions options = Defaults with
        {
            Solver = flags.Text("solver"),
            Deploy = flags.Text("deploy"),
            OutputFolder = flags.Text("out"),
            Logger = log,
        };
        using ProgressLine? progress = ProgressLine.Start(log);
        new FaceDemo(options, Console.Out, [progress is null ? new ProgressLog(Console.Out) : progress]).Run();
    }
}
