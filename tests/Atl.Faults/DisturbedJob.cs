using System.Diagnostics;
using System.Globalization;

namespace Atl.Faults;

/// <summary>A job whose runs are disturbed, each in a fresh folder, and then gone on with.</summary>
/// <param name="job">The job.</param>
/// <param name="parent">The folder for its working folders.</param>
/// <param name="threads">How many runs go on at once.</param>
internal sealed class DisturbedJob(Job job, string parent, int threads)
{
    private const int Killed = 137, Failed = 1, SomeFailed = 3;
    private static readonly string[] Redirections =
        ["2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full 2>&1", "2>&1 | head -n 1", "2>&1 | head -n 8"];

    private static readonly string[] Full = ["disk is full", "No space left", "no space left"];

    private readonly Lazy<Undisturbed> _right = new(() => Undisturbed.Run(job, parent));

    /// <summary>The job.</summary>
    public Job Job { get; } = job;

    /// <summary>Kills it at calls that write, sync, rename, create or remove; half of a write may have been
    /// done.</summary>
    public void Kill(Tally tally, int count, int seed)
    {
        FaultCall[] windows = Windows.Of(_right.Value.Calls);
        ForEach(Windows.Choose(windows, count, seed), call =>
        {
            string fault = string.Create(CultureInfo.InvariantCulture,
                $"{(call.Operation == "write" ? "tear" : "kill")}@any:{call.Number}");
            using WorkFolder folder = new(parent, Job);
            ProgramEnd end = AtlProgram.Run(folder.Path, Job.Command, FaultLibrary.Environment(folder.Path, fault));
            // Threads may make a call less than in the undisturbed run; then nothing was killed.
            if (end.Code != 0) AfterKill(tally, folder, end, $"{fault} ({call.Operation} {Short(call, folder)})");
        });
    }

    /// <summary>Kills it at moments of the clock, spread over the time that it takes.</summary>
    public void KillAtTimes(Tally tally, int count, int seed)
    {
        TimeSpan whole;
        using (WorkFolder folder = new(parent, Job))
        {
            Stopwatch clock = Stopwatch.StartNew();
            AtlProgram.Run(folder.Path, Job.Command);
            whole = clock.Elapsed;
        }
        Random random = new(seed);
        double[] fractions = [.. Enumerable.Range(0, count).Select(i => (i + random.NextDouble()) / count)];
        ForEach(fractions, fraction =>
        {
            using WorkFolder folder = new(parent, Job);
            using Process process = AtlProgram.Start(folder.Path, Job.Command);
            Task<ProgramEnd> finish = Task.Run(() => AtlProgram.Finish(process));
            if (!finish.Wait(whole * fraction)) process.Kill();
            // It may have ended before the moment came.
            if (finish.Result.Code != 0)
            {
                AfterKill(
                    tally, folder, finish.Result,
                    string.Create(CultureInfo.InvariantCulture,
                        $"kill -9 after {(whole * fraction).TotalMilliseconds:F0} ms"));
            }
        });
    }

    /// <summary>Kills it, and what goes on with it, again and again.</summary>
    public void KillAgain(Tally tally, int count, int seed)
    {
        const int Kills = 5;
        FaultCall[] windows = Windows.Of(_right.Value.Calls);
        ForEach([.. Enumerable.Range(0, count)], chain =>
        {
            using WorkFolder folder = new(parent, Job);
            Random random = new(seed + chain);
            string? lost = null;
            string faults = "";
            ProgramEnd end = new(Killed, "", "");
            for (int i = 0; i < Kills && end.Code == Killed && lost is null; i++)
            {
                // Each goes on from where the one before was, and so must get further to be killed at something new.
                FaultCall call = windows[random.Next(i * windows.Length / Kills, (i + 1) * windows.Length / Kills)];
                string fault = string.Create(CultureInfo.InvariantCulture, $"kill@any:{call.Number}");
                faults += fault + " ";
                end = AtlProgram.Run(folder.Path, Job.Again(folder.Path), FaultLibrary.Environment(folder.Path, fault));
                lost = end.Code == Killed ? _right.Value.Partial(FolderContent.Read(folder.Path)) : end.Fault;
            }
            // The command's own words for work that is done already are judged by the next run.
            GoOn(tally, folder.Path, faults.TrimEnd(), end with { Code = Killed }, lost, static _ => false);
        });
    }

    /// <summary>
    /// Checks that a loss of power leaves what a kill does: bytes reach the disk before the file takes its name, and a
    /// snapshot's name before the command ends.
    /// </summary>
    public void CheckOrder(Tally tally)
    {
        HashSet<string> unwritten = new(StringComparer.Ordinal), unnamed = new(StringComparer.Ordinal);
        string? lost = null;
        foreach (FaultCall call in _right.Value.Calls.Where(call => !IsSideOrPeriodic(call.Path) || Job.Trains))
        {
            string folder = Path.GetDirectoryName(call.Path)!;
            switch (call.Operation)
            {
                case "write" when call.Detail != FaultCall.Synced && Path.GetFileName(call.Path) != "lock.mdb":
                    unwritten.Add(call.Path);
                    break;
                case "sync":
                    unwritten.Remove(call.Path);
                    unnamed.Remove(call.Path);
                    break;
                case "rename":
                    string? early = unwritten.FirstOrDefault(
                        path => path == call.Detail || path.StartsWith(call.Detail + "/", StringComparison.Ordinal));
                    if (early is not null)
                        lost ??= $"{Path.GetFileName(call.Path)} takes its name before {Path.GetFileName(early)} is "
                            + "on the disk";
                    unnamed.Add(folder);
                    break;
            }
        }
        lost ??= unnamed.Count == 0 || !Job.Trains ? null
            : $"the folder of a renamed file is never synced: {Path.GetFileName(unnamed.First())}";
        tally.Add("power loss", lost);
    }

    /// <summary>Runs it on a disk that has room for a part of what it writes.</summary>
    public void FillDisk(Tally tally, int count, int seed)
    {
        Random random = new(seed);
        long bytes = _right.Value.Bytes;
        long[] rooms = [.. Enumerable.Range(0, count).Select(i => (long)((i + random.NextDouble()) / count * bytes))];
        ForEach(rooms, room =>
        {
            using WorkFolder folder = new(parent, Job);
            string fault = string.Create(CultureInfo.InvariantCulture, $"enospc@bytes:{room}");
            ProgramEnd end = AtlProgram.Run(folder.Path, Job.Command, FaultLibrary.Environment(folder.Path, fault));
            AfterFullDisk(tally, folder.Path, end, $"{fault} of {bytes}", () => { });
        });
    }

    /// <summary>Judges a run on a full disk, makes room and goes on.</summary>
    /// <param name="tally">Where it counts.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="end">Its end.</param>
    /// <param name="disturbance">How full the disk was.</param>
    /// <param name="makeRoom">Makes room.</param>
    public void AfterFullDisk(Tally tally, string folder, ProgramEnd end, string disturbance, Action makeRoom)
    {
        SortedDictionary<string, string> content = FolderContent.Read(folder);
        string? lost = end.Fault ?? end.Code switch
        {
            0 => Difference(content, IsSideOrPeriodic),
            Failed or SomeFailed => Full.Any(word => end.Errors.Contains(word, StringComparison.Ordinal))
                ? _right.Value.Partial(content)
                : $"a full disk is not named: {end.LastError}",
            _ => $"exit code {end.Code}: {end.LastError}",
        };
        makeRoom();
        GoOn(tally, folder, disturbance, end, lost, IsSideOrPeriodic);
    }

    /// <summary>Lets single calls fail.</summary>
    public void FailCalls(Tally tally, int count, int seed)
    {
        FaultCall[] windows = Windows.Of(_right.Value.Calls);
        string[] actions = ["eio", "enospc"];
        ForEach(Windows.Choose(windows, count, seed).Select((call, i) => (call, actions[i % actions.Length])), chosen =>
        {
            (FaultCall call, string action) = chosen;
            Disturb(tally, string.Create(CultureInfo.InvariantCulture, $"{action}@any:{call.Number}"), mayFail: true);
        });
    }

    /// <summary>Starts it with streams that are closed, full, or read by nobody.</summary>
    public void RedirectStreams(Tally tally, int count, int seed) =>
        ForEach(Windows.Choose(Redirections, count, seed), redirection =>
    {
        using WorkFolder folder = new(parent, Job);
        ProgramEnd end = AtlProgram.Run(folder.Path, Job.Command, null, ["sh", "-c", $"\"$@\" {redirection}", "sh"]);
        string? lost = end.Code == 0 ? Difference(FolderContent.Read(folder.Path), static _ => false)
            : $"exit code {end.Code}: {end.LastError}";
        tally.Add(redirection, lost, lost is null);
    });

    /// <summary>How many pages of so many bytes it writes.</summary>
    public long Pages(int size) => (_right.Value.Bytes / size) + _right.Value.Content.Count + 1;

    /// <summary>Interrupts writes and cuts them short, as a system may: nobody is to notice.</summary>
    public void CutWrites(Tally tally, int count, int seed)
    {
        FaultCall[] writes = [.. _right.Value.Calls.Where(call => call.Operation == "write")];
        string[] actions = ["eintr", "short"];
        int[] numbers = [.. Windows.Choose(Enumerable.Range(1, writes.Length).ToArray(), count, seed)];
        ForEach(numbers.Select((number, i) => (number, actions[i % actions.Length])), chosen =>
        {
            (int number, string action) = chosen;
            FaultCall call = writes[number - 1];
            // LMDB takes a short write for a full disk.
            bool mayFail = action == "short" && call.Path.Contains(".mdb", StringComparison.Ordinal);
            Disturb(tally, string.Create(CultureInfo.InvariantCulture, $"{action}@write:{number}"), mayFail);
        });
    }

    private void Disturb(Tally tally, string fault, bool mayFail)
    {
        using WorkFolder folder = new(parent, Job);
        string log = folder.Path + ".log";
        ProgramEnd end = AtlProgram.Run(folder.Path, Job.Command, FaultLibrary.Environment(folder.Path, fault, log));
        // Threads may have come in another order, or made a call less: what failed is what the log says.
        if (FaultLibrary.ReadLog(log).FirstOrDefault(call => call.Fails) is not { } failed) return;
        bool besides = IsSideOrPeriodic(failed.Path);
        SortedDictionary<string, string> content = FolderContent.Read(folder.Path);
        string? lost = end.Fault ?? end.Code switch
        {
            0 => Difference(content, name => besides && IsSideOrPeriodic(name)),
            Failed or SomeFailed when mayFail && !besides => _right.Value.Partial(content),
            _ => $"exit code {end.Code}: {end.LastError}",
        };
        GoOn(tally, folder.Path, $"{fault} ({failed.Operation} {Short(failed, folder)})", end, lost, IsSideOrPeriodic);
    }

    // What no fault of which may fail the command: what is written beside its purpose, and snapshots before the last.
    private bool IsSideOrPeriodic(string path) =>
        Job.SideOutputs.Any(side => ("/" + path).Contains(side, StringComparison.Ordinal))
        || (Job.Trains && path.Contains("_iter_", StringComparison.Ordinal)
            && !path.Contains($"_iter_{Inputs.Iterations.ToString(CultureInfo.InvariantCulture)}.",
                StringComparison.Ordinal));

    // What is partial, or missing and not passed over.
    private string? Difference(SortedDictionary<string, string> content, Func<string, bool> passedOver)
    {
        SortedDictionary<string, string> demanded = new(StringComparer.Ordinal);
        foreach ((string name, string right) in _right.Value.Content)
            if (!passedOver(name)) demanded[name] = right;
        return _right.Value.Partial(content) ?? (_right.Value with { Content = demanded }).Difference(content);
    }

    private void AfterKill(Tally tally, WorkFolder folder, ProgramEnd end, string disturbance)
    {
        string? lost = end.Code == Killed ? _right.Value.Partial(FolderContent.Read(folder.Path))
            : $"exit code {end.Code}: {end.LastError}";
        GoOn(tally, folder.Path, disturbance, end, lost, static _ => false);
    }

    private void GoOn(
        Tally tally, string folder, string disturbance, ProgramEnd end, string? lost, Func<string, bool> passedOver)
    {
        if (end.Code == 0)
        {
            tally.Add(disturbance, lost is null ? null : $"exit code 0, and {lost}", lost is null);
            return;
        }
        ProgramEnd next = AtlProgram.Run(folder, Job.Again(folder));
        string? difference = Difference(FolderContent.Read(folder), passedOver);
        // A command whose work was done before the disturbance refuses to do it again.
        bool refused = next.Code == Failed && difference is null
            && next.Errors.Contains("already", StringComparison.Ordinal);
        string? after = next.Fault ?? (next.Code != 0 && !refused ? $"exit code {next.Code}: {next.LastError}"
            : difference);
        lost ??= after is null ? null : $"the next run: {after}";
        tally.Add(disturbance, lost, after is null);
    }

    private void ForEach<T>(IEnumerable<T> items, Action<T> run) =>
        Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = threads }, run);

    private static string Short(FaultCall call, WorkFolder folder)
    {
        int place = call.Path.IndexOf($"/{Path.GetFileName(Path.GetDirectoryName(folder.Path))}/",
            StringComparison.Ordinal);
        string[] parts = call.Path[Math.Max(place, 0)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('/', parts.Skip(2));
    }
}
