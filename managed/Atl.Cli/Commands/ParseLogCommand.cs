using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Cli.TrainingLogs;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>parse_log: a training log as two tables.</summary>
internal sealed class ParseLogCommand : Command
{
    public override string Name => "parse_log";

    public override string Summary => "turn a training log into CSV tables of training and testing";

    public override IReadOnlyList<Argument> Arguments =>
        [new("LOG", "the log of atl train or caffe train"), new("OUTPUT_DIR", "the folder for LOG.train and LOG.test")];

    public override IReadOnlyList<Flag> Flags =>
    [
        new("delimiter", FlagKind.Text, "the column separator", "C") { Default = "," },
        new("verbose", FlagKind.Switch, "list the written files"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
        [("write train.log.train and train.log.test here", "atl parse_log train.log .")];

    public override bool PrintsNotesOnly => true;

    public override void Run(FlagValues flags, GlogLogger log)
    {
        string path = flags.Argument("LOG"), folder = flags.Argument("OUTPUT_DIR");
        if (!Directory.Exists(folder)) throw new AtlException($"{folder}: no such folder, expected one to write to");
        TrainingLog training = TrainingLog.Read(path, note => log.Warning($"{note}"));
        Write(training.Train, "train");
        Write(training.Test, "test");

        void Write(List<LogRow> rows, string kind)
        {
            string target = Path.Combine(folder, $"{Path.GetFileName(path)}.{kind}");
            if (rows.Count > 0) LogTable.Write(target, rows, flags.Text("delimiter"));
            if (flags.Switch("verbose"))
                Console.Out.WriteLine(rows.Count > 0 ? $"Wrote {target}" : $"Not writing {target}; no lines to write");
        }
    }
}
