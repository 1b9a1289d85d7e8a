using System.Diagnostics;
using System.Globalization;

namespace Atl.Faults;

/// <summary>A training of some seconds, to which signals are sent and whose terminal goes.</summary>
/// <param name="inputs">What it reads.</param>
/// <param name="parent">The folder for its working folders.</param>
internal sealed class LongTraining(Inputs inputs, string parent)
{
    private const int Page = 4096;

    // A solver stops after the iteration in which a signal comes; starting and writing take what they take on a busy
    // machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Job _job = new("train", ["train", "-solver", inputs["long.prototxt"]]);
    private readonly Lazy<SortedDictionary<string, string>> _right = new(() =>
    {
        using WorkFolder folder = new(parent);
        AtlProgram.Run(folder.Path, ["train", "-solver", inputs["long.prototxt"]]);
        return FolderContent.Read(folder.Path);
    });

    /// <summary>The scenarios.</summary>
    public IEnumerable<Scenario> Scenarios =>
    [
        new("terminal closes: its own", tally => CloseTerminal(tally, own: true)),
        new("terminal closes: another's", tally => CloseTerminal(tally, own: false)),
        new("signal: SIGTERM", tally => Stop(tally, 1, "TERM")),
        new("signal: SIGINT", tally => Stop(tally, 1, "INT")),
        new("signal: SIGINT twice", tally => Stop(tally, 2, "INT")),
        new("signal: SIGHUP", tally => GoOn(tally, "HUP", training => training.Send("HUP"), snapshot: true)),
        new("two runs: one prefix",
            tally => Second(tally, "snapshot_prefix", ["train", "-solver", inputs["long.prototxt"]])),
        new("two runs: one run folder",
            tally => Second(tally, "run folder", ["train", "-solver", inputs["sgd.prototxt"], "-run", "run"])),
        new("two runs: the first was killed", AfterDeath),
        new("database: cut to nothing", tally => ChangeDatabase(tally, file => Cut(file, 0))),
        new("database: cut after its first pages", tally => ChangeDatabase(tally, file => Cut(file, 3 * Page))),
        new("database: overwritten", tally => ChangeDatabase(tally, Overwrite)),
        new("database: another in its place", tally => ChangeDatabase(tally, Replace)),
    ];

    private void CloseTerminal(Tally tally, bool own)
    {
        using WorkFolder folder = new(parent);
        PseudoTerminal terminal = new();
        string[] wrapper = ["sh", "-c",
            $"exec setsid {(own ? "-c " : "")}\"$@\" <{terminal.Name} >{terminal.Name} 2>&1", "sh"];
        using Process process = AtlProgram.Start(folder.Path, _job.Command, null, wrapper);
        bool seen;
        using (terminal) seen = terminal.ReadUntil("Iteration 100 ");
        ProgramEnd end = AtlProgram.Finish(process);
        // The kernel hangs up the process whose terminal it was; a process that only prints there is not told.
        string? lost = !seen ? "nothing was printed"
            : Unlike(end, folder) ?? (own && Pairs(folder).Length < 2 ? "no snapshot was taken when the terminal went"
                : null);
        tally.Add("the terminal is closed", lost, lost is null);
    }

    private void GoOn(Tally tally, string what, Action<RunningTraining> disturb, bool snapshot)
    {
        using WorkFolder folder = new(parent);
        using RunningTraining training = new(folder.Path, _job.Command);
        disturb(training);
        string? lost = Unlike(training.Finish(), folder)
            ?? (snapshot && Pairs(folder).Length < 2 ? "no snapshot was taken" : null);
        tally.Add(what, lost, lost is null);
    }

    private void Stop(Tally tally, int times, string signal)
    {
        using WorkFolder folder = new(parent);
        using RunningTraining training = new(folder.Path, _job.Command);
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < times; i++) training.Send(signal);
        ProgramEnd end = training.Finish();
        string[] pairs = Pairs(folder);
        // Who asks twice does not wait for the snapshot.
        string? lost = end.Code == ProgramEnd.Hung ? "it hangs"
            : clock.Elapsed > Soon ? $"it took {clock.Elapsed}"
            : times == 1 && end.Code != 0 ? $"exit code {end.Code}: {end.LastError}"
            : times == 1 && pairs.Length != 1 ? "no snapshot was taken"
            : pairs.Contains(Last) ? "it went on to the end"
            : null;
        string[] again = pairs.Length == 0 ? _job.Command : [.. _job.Command, "-snapshot", pairs[0] + ".solverstate"];
        lost ??= Unlike(AtlProgram.Run(folder.Path, again), folder);
        tally.Add($"SIG{signal}", lost, lost is null);
    }

    // A training in a folder of two runs: with -run, so that both places are taken.
    private void Second(Tally tally, string place, string[] second)
    {
        using WorkFolder folder = new(parent);
        using RunningTraining first = new(folder.Path, [.. _job.Command, "-run", "run"]);
        ProgramEnd refused = AtlProgram.Run(folder.Path, second);
        string? lost = refused.Fault
            ?? (refused.Code != 1 ? $"exit code {refused.Code} for the second run with one {place}"
            : !refused.Errors.Contains(first.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                ? $"the second run does not name process {first.Id}: {refused.LastError}"
            : !refused.Errors.Contains(Environment.MachineName, StringComparison.Ordinal)
                ? $"the second run does not name the host: {refused.LastError}"
            : null);
        lost ??= Unlike(first.Finish(), folder);
        string log = FolderContent.Read(folder.Path).GetValueOrDefault("run/metrics.jsonl", "no log");
        lost ??= log == FolderContent.WholeLog ? null : log;
        tally.Add(place, lost, lost is null);
    }

    private void AfterDeath(Tally tally)
    {
        using WorkFolder folder = new(parent);
        string[] command = [.. _job.Command, "-run", "run"];
        using (RunningTraining first = new(folder.Path, command)) first.Send("KILL");
        string? lost = Unlike(AtlProgram.Run(folder.Path, command), folder);
        tally.Add("a run after a killed one", lost, lost is null);
    }

    private void ChangeDatabase(Tally tally, Action<string> change)
    {
        using WorkFolder folder = new(parent);
        string database = Path.Combine(folder.Path, "train_lmdb"), file = Path.Combine(database, "data.mdb");
        Directory.CreateDirectory(database);
        File.Copy(Path.Combine(inputs["train_lmdb"], "data.mdb"), file);
        foreach (string name in new[] { "train.prototxt", "long.prototxt" })
        {
            string text = File.ReadAllText(inputs[name]);
            File.WriteAllText(Path.Combine(folder.Path, name),
                text.Replace(inputs.Folder + "/", "", StringComparison.Ordinal));
        }
        using RunningTraining training = new(folder.Path, ["train", "-solver", "long.prototxt"]);
        change(file);
        ProgramEnd end = training.Finish();
        // A reader that has what it reads in memory, or still sees the file that was there, may finish.
        string? lost = end.Fault ?? (end.Code switch
        {
            0 => null,
            1 when end.Errors.Contains("train_lmdb", StringComparison.Ordinal) => null,
            1 => $"the database is not named: {end.LastError}",
            _ => $"exit code {end.Code}: {end.LastError}",
        });
        tally.Add("the database changes under its reader", lost);
    }

    private string Last { get; } = $"long_iter_{Inputs.LongIterations.ToString(CultureInfo.InvariantCulture)}";

    // What a run that was disturbed and has ended has left wrong.
    private string? Unlike(ProgramEnd end, WorkFolder folder)
    {
        if (end.Fault is { } fault) return fault;
        if (end.Code != 0) return $"exit code {end.Code}: {end.LastError}";
        SortedDictionary<string, string> found = FolderContent.Read(folder.Path);
        foreach ((string name, string right) in _right.Value)
            if (found.GetValueOrDefault(name) != right)
                return $"{name} is {(found.ContainsKey(name) ? "not the same" : "missing")}";
        return null;
    }

    private static string[] Pairs(WorkFolder folder) =>
    [
        .. Directory.EnumerateFiles(folder.Path, "long_iter_*.solverstate")
            .Where(state => File.Exists(Path.ChangeExtension(state, ".caffemodel")))
            .Select(state => Path.GetFileNameWithoutExtension(state)),
    ];

    private static void Cut(string file, long length)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }

    private static void Overwrite(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        byte[] noise = new byte[stream.Length];
        new Random(1).NextBytes(noise);
        stream.Write(noise);
    }

    private static void Replace(string file)
    {
        File.Copy(file, file + ".new");
        Cut(file + ".new", Page);
        File.Move(file + ".new", file, overwrite: true);
    }
}
