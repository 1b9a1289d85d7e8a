using Atl.Cli.CommandLine;
using Atl.Cli.Terminal;
using Atl.Devices;
using Atl.Face.Runs;
using Atl.Proto;
using Atl.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>train: trains or finetunes a net.</summary>
internal sealed class TrainCommand : Command
{
    // What stands for a file: which one, the solver finds.
    private const string NewestSnapshot = "auto";

    private static readonly string[] Effects = ["snapshot", "stop", "none"];

    public override string Name => "train";

    public override string Summary => "train or finetune a net";

    public override IReadOnlyList<Flag> Flags =>
    [
        new("solver", FlagKind.Text, "the solver's prototxt", "FILE") { Required = true },
        new("snapshot", FlagKind.Text,
            "resume from this solver state; auto: from the newest complete snapshot of snapshot_prefix, else "
                + "start over",
            "FILE.solverstate|auto"),
        new("keep_snapshots", FlagKind.Integer,
            "keep the newest N snapshots of snapshot_prefix and remove older ones; the default keeps all", "N"),
        CommonOptions.Weights with { Help = "start from these weights (caffemodel); several separated by commas" },
        GpuOptions.Gpu
            with { Help = "index of the GPU to train on; overrides the solver's solver_mode and device_id",
                Value = "N" },
        GpuOptions.Memory,
        ImageFlags.MaxPixels,
        CommonOptions.Phase("TRAIN"),
        CommonOptions.Level
            with { Help =
                "the level for rules of the training net; the solver's test_state sets it for test nets" },
        CommonOptions.Stage
            with { Help =
                "the stages for rules of the training net; the solver's test_state sets them for test nets" },
        new("sigint_effect", FlagKind.Text, "what Ctrl-C (SIGINT) does", "stop|snapshot|none")
        {
            Default = "stop",
            Choices = Effects,
        },
        new("sigterm_effect", FlagKind.Text, "what SIGTERM (kill, a scheduler, a stopping container) does",
            "stop|snapshot|none")
        {
            Default = "stop",
            Choices = Effects,
        },
        new("sighup_effect", FlagKind.Text, "what a hangup (SIGHUP, or a closed terminal) does",
            "snapshot|stop|none")
        {
            Default = "snapshot",
            Choices = Effects,
        },
        new("tensorboard", FlagKind.Text, "write a TensorBoard event file into this folder", "DIR"),
        new("run", FlagKind.Text, $"write the run's log ({RunLog.FileName}) and report.html into this folder", "DIR"),
        new("report", FlagKind.Text,
            "write the run's HTML report here and its log beside it; default folder: SNAPSHOT_PREFIX_run",
            "[FILE]")
        {
            Alone = "",
        },
        new("continue_on_nan", FlagKind.Switch, "continue with a warning if the loss or the gradient is not finite"),
    ];

    public override IReadOnlyList<(string What, string Line)> Examples =>
    [
        ("train; the solver's settings control the snapshots", "atl train -solver face_solver.prototxt"),
        ("resume from the snapshot",
            "atl train -solver face_solver.prototxt -snapshot face_triplet_iter_1000.solverstate"),
        ("start, or resume after an interruption; keep the three newest snapshots",
            "atl train -solver face_solver.prototxt -snapshot auto -keep_snapshots 3"),
        ("with an HTML report and TensorBoard event files",
            "atl train -solver face_solver.prototxt -report -tensorboard events"),
        ("finetune: layers with the same names start from these weights",
            "atl train -solver face_solver.prototxt -weights face_triplet_iter_120000.caffemodel"),
    ];

    public override void Run(FlagValues flags, GlogLogger log)
    {
        bool resumes = flags.IsGiven("snapshot"), auto = flags.Text("snapshot") == NewestSnapshot;
        if (resumes && !auto && flags.IsGiven("weights"))
            throw new UsageException("train takes -snapshot to resume training or -weights to finetune, not both");
        // Before all that takes time: a hangup while the nets are built is one during training.
        SolverActionSource actions = new();
        using SignalActions signals = new(
            actions, Effect(flags, "sigint_effect"), Effect(flags, "sighup_effect"), Effect(flags, "sigterm_effect"),
            log);
        string file = flags.Text("solver");
        TextFormatOptions text = CommonOptions.TextFormat(flags, log);
        SolverParameter parameter = ProtoFiles.ReadSolver(file, text);
        if (flags.IsGiven("level")) (parameter.TrainState ??= new NetState()).Level = flags.Integer("level");
        if (flags.IsGiven("stage")) (parameter.TrainState ??= new NetState()).Stage.Add(flags.Parts("stage"));
        // As in Caffe, the command line's start takes the place of the solver's.
        if ((resumes && !auto) || flags.IsGiven("weights"))
        {
            parameter.Weights.Clear();
            SourceMap.Forget(parameter, SolverParameter.WeightsFieldNumber);
        }
        parameter.Weights.Add(CommonOptions.WeightsPaths(flags));
        Device device = GpuOptions.TrainingDevice(flags, parameter, log);

        // Before anything is written: of two runs with one prefix, neither's snapshots would be its own.
        using OutputLock? only = SnapshotPrefix.Of(parameter, file) is { Length: > 0 } prefix
            ? OutputLock.Take(prefix, "snapshots", note => log.Warning($"{note}")) : null;
        using RunOutputs outputs = new(ReportPage(flags, parameter), flags.IsGiven("tensorboard")
            ? flags.Text("tensorboard") : null, log);
        using ProgressLine? progress = ProgressLine.Start(log);
        ISolverObserver?[] observers = [progress, .. outputs.Observers];
        using Solver solver = Solver.Create(parameter, new SolverOptions
        {
            Device = device,
            File = file,
            Actions = actions,
            KeepSnapshots = KeepSnapshots(flags),
            ContinueOnNonFinite = flags.Switch("continue_on_nan"),
            TextFormat = text,
            Logger = log,
            Observers = [.. observers.OfType<ISolverObserver>()],
        });
        string? snapshot = auto ? Newest(solver, log) : resumes ? flags.Text("snapshot") : null;
        if (!auto && solver.LastSnapshotOnDisk is { } last
            && (snapshot is null || Path.GetFileName(last) != Path.GetFileName(snapshot)))
            log.Warning($"{PathText.Show(last)} is of an earlier run: this run does not resume from it and "
                + $"overwrites files of the same name, but a later -snapshot auto resumes from the highest iteration; move the old snapshots away, or "
                + $"choose another snapshot_prefix");
        log.Info($"Starting Optimization");
        try
        {
            solver.Solve(snapshot);
        }
        finally
        {
            outputs.Finish();
        }
        log.Info($"Optimization Done.");
    }

    private static string? Newest(Solver solver, ILogger log)
    {
        string? snapshot = solver.FindSnapshot();
        if (snapshot is null)
            log.Info($"-snapshot auto: found no snapshot of {solver.Parameter.SnapshotPrefix} to resume "
                + $"from, training starts over");
        return snapshot;
    }

    private static int? KeepSnapshots(FlagValues flags) => !flags.IsGiven("keep_snapshots") ? null
        : flags.Integer("keep_snapshots") is > 0 and var count ? count
        : throw new UsageException($"flag '-keep_snapshots' is '{flags.Text("keep_snapshots")}', expected a "
            + "positive number");

    // Null where neither -report nor -run asks for one.
    private static string? ReportPage(FlagValues flags, SolverParameter parameter)
    {
        const string Name = "report.html";
        if (flags.Text("report").Length > 0) return flags.Text("report");
        if (flags.IsGiven("run")) return Path.Combine(flags.Text("run"), Name);
        if (!flags.IsGiven("report")) return null;
        string prefix = parameter.HasSnapshotPrefix ? parameter.SnapshotPrefix
            : Path.ChangeExtension(flags.Text("solver"), null);
        return Path.Combine(prefix.TrimEnd('/') + "_run", Name);
    }

    private static SolverAction Effect(FlagValues flags, string name) => flags.Text(name) switch
    {
        "stop" => SolverAction.Stop,
        "snapshot" => SolverAction.Snapshot,
        _ => SolverAction.None,
    };
}
