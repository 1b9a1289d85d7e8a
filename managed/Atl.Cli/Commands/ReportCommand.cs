using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Face.Report;
using Atl.Face.Runs;

namespace Atl.Cli.Commands;

/// <summary>report: a page from what a run has left in its folder.</summary>
internal sealed class ReportCommand : Command
{
    private const string Folder = "RUN_DIR";

    public override string Name => "report";

    public override string Summary => "write an HTML report of a run's training and verifications";

    public override IReadOnlyList<Argument> Arguments =>
        [new(Folder, $"a folder with {RunLog.FileName} (train -report or -run) or Caffe's text logs (*.log, "
            + "*.INFO*), verifications (verify -run), or both")];

    public override IReadOnlyList<Flag> Flags =>
        [new("out", FlagKind.Text, "the HTML report; default: report.html in the folder", "FILE")];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("from the log of atl train -run and the verifications of atl verify -run", "atl report face_run"),
        ("from a text log of Caffe in the folder logs", "atl report logs -out page.html"),
    ];

    public override bool PrintsNotesOnly => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string folder = flags.Argument(Folder);
        string page = flags.IsGiven("out") ? flags.Text("out") : Path.Combine(folder, "report.html");
        HtmlReport.Save(RunReport.OfFolder(folder, note => log.Warning($"{note}")), page);
        Console.Out.WriteLine(page);
    }
}
