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
    private static readonly string[] Full = ["disk is full", "No space left", "no space left"];

    private readonly Lazy<Undisturbed> _right = new(() => Undisturbed.Run(job, parent));

    /// <summary>The job.</summary>
    public Job Job { get; } = job;

    /// <summary>Kills it at calls that write, sync, rename, create or remove; half of a write may have been done.</summary>
    public void Kill(Tally tally, int count, int seed)
    {
        FaultCall[] windows = Windows.Of(_right.Value.Calls);
        ForEach(Windows.Choose(windows, count, seed), call =>
        {
            string fault = string.Create(CultureInfo.InvariantCulture, $"{(call.Operation == "write" ? "tear" : "kill")}@any:{call.Number}");
            using WorkFolder folder = new(parent, Job);
            ProgramEnd end = AtlProgram.Run(folder.Path, Job.Command, FaultLibrary.Environment(folder.Path, fault));
            AfterKill(tally, folder, end, $"{fault} ({call.Operation} {Short(call, folder)})");
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
            AfterKill(tally, folder, finish.Result, string.Create(CultureInfo.InvariantCulture, $"kill -9 after {(whole * fraction).TotalMilliseconds:F0} ms"));
        });
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
            AfterFullDisk(
                tally, folder.Path, AtlProgram.Run(folder.Path, Job.Command, FaultLibrary.Environment(folder.Path, fault)), $"{fault} of {bytes}", () => { });
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
        string? lost = end.Fault ?? Wrong();
        makeRoom();
        GoOn(tally, folder, disturbance, lost);

        string? Wrong()
        {
            SortedDictionary<string, string> content = FolderContent.Read(folder);
            if (end.Code == 0) return Difference(content, IsSideOrPeriodic) is { } difference ? $"exit code 0, and {difference}" : null;
            if (end.Code is not (Failed or SomeFailed)) return $"exit code {end.Code}: {end.LastError}";
            if (!Full.Any(word => end.Errors.Contains(word, StringComparison.Ordinal))) return $"a full disk is not named: {end.LastError}";
            return _right.Value.Partial(content);
        }
    }

    /// <summary>Lets single calls fail.</summary>
    public void FailCalls(Tally tally, int count, int seed)
    {
        FaultCall[] windows = Windows.Of(_right.Value.Calls);
        string[] actions = ["eio", "enospc"];
        ForEach(Windows.Choose(windows, count, seed).Select((call, i) => (call, actions[i % actions.Length])), chosen =>
        {
            (FaultCall call, string action) = chosen;
            Disturb(tally, string.Create(CultureInfo.InvariantCulture, $"{action}@any:{call.Number}"), call, MayFail(call));
        });
    }

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
            Disturb(tally, string.Create(CultureInfo.InvariantCulture, $"{action}@write:{number}"), call, mayFail);
        });
    }

    private void Disturb(Tally tally, string fault, FaultCall call, bool mayFail)
    {
        using WorkFolder folder = new(parent, Job);
        string log = folder.Path + ".log";
        ProgramEnd end = AtlProgram.Run(folder.Path, Job.Command, FaultLibrary.Environment(folder.Path, fault, log));
        // Threads may have come in another order; what failed is what the log says.
        FaultCall failed = FaultLibrary.ReadLog(log).FirstOrDefault(one => one.Fails) ?? call;
        GoOn(tally, folder.Path, $"{fault} ({failed.Operation} {Short(failed, folder)})", end.Fault ?? Wrong());

        string? Wrong()
        {
            SortedDictionary<string, string> content = FolderContent.Read(folder.Path);
            if (end.Code == 0) return Difference(content, name => !MayFail(failed) && IsSideOrPeriodic(name)) is { } found ? $"exit code 0, and {found}" : null;
            if (!mayFail && !MayFail(failed)) return $"exit code {end.Code}: {end.LastError}";
            return end.Code is Failed or SomeFailed ? _right.Value.Partial(content) : $"exit code {end.Code}: {end.LastError}";
        }
    }

    // Whether the command may fail where the call does: what the call is for is no side output.
    private bool MayFail(FaultCall call) => !IsSideOrPeriodic(call.Path);

    private bool IsSideOrPeriodic(string path) =>
        Job.SideOutputs.Any(side => ("/" + path).Contains(side, StringComparison.Ordinal))
        || (Job.Trains && path.Contains("_iter_", StringComparison.Ordinal)
            && !path.Contains($"_iter_{Inputs.Iterations.ToString(CultureInfo.InvariantCulture)}.", StringComparison.Ordinal));

    private string? Difference(SortedDictionary<string, string> content, Func<string, bool> ignored)
    {
        SortedDictionary<string, string> demanded = new(StringComparer.Ordinal);
        foreach ((string name, string right) in _right.Value.Content)
            if (!ignored(name)) demanded[name] = right;
        return _right.Value.Partial(content) ?? (_right.Value with { Content = demanded }).Difference(content);
    }

    private void AfterKill(Tally tally, WorkFolder folder, ProgramEnd end, string disturbance)
    {
        // The moment may lie behind the end of a run.
        string? lost = end.Code is Killed or 0 ? _right.Value.Partial(FolderContent.Read(folder.Path)) : $"exit code {end.Code}: {end.LastError}";
        GoOn(tally, folder.Path, disturbance, lost);
    }

    private void GoOn(Tally tally, string folder, string disturbance, string? lost)
    {
        ProgramEnd end = AtlProgram.Run(folder, Job.Again(folder));
        string? difference = _right.Value.Difference(FolderContent.Read(folder));
        // A command whose work was done before the disturbance refuses to do it again.
        bool refused = end.Code == Failed && difference is null && end.Errors.Contains("already", StringComparison.Ordinal);
        string? after = end.Fault ?? (end.Code != 0 && !refused ? $"exit code {end.Code}: {end.LastError}" : difference);
        lost ??= after is null ? null : $"the next run: {after}";
        tally.Add(disturbance, lost, after is null);
    }

    private void ForEach<T>(IEnumerable<T> items, Action<T> run) =>
        Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = threads }, run);

    private static string Short(FaultCall call, WorkFolder folder)
    {
        int place = call.Path.IndexOf($"/{Path.GetFileName(Path.GetDirectoryName(folder.Path))}/", StringComparison.Ordinal);
        string[] parts = call.Path[Math.Max(place, 0)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('/', parts.Skip(2));
    }
}
