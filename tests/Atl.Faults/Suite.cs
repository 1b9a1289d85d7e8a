namespace Atl.Faults;

/// <summary>How much of the suite runs.</summary>
/// <param name="Kills">Kills of each job at calls.</param>
/// <param name="TimedKills">Kills of each job at moments of the clock.</param>
/// <param name="Chains">Runs of each job that is killed again and again.</param>
/// <param name="Disks">Runs of each job on a disk that fills up.</param>
/// <param name="Failures">Runs of each job in which one call fails.</param>
/// <param name="Cuts">Runs of each job in which a write is interrupted or cut short.</param>
/// <param name="Streams">Runs of each job with streams that are closed, full, or read by nobody.</param>
/// <param name="MountedDisks">Runs on real file systems of limited size, over all jobs.</param>
internal sealed record SuiteSize(int Kills, int TimedKills, int Chains, int Disks, int Failures, int Cuts, int Streams,
    int MountedDisks)
{
    /// <summary>What the tests run.</summary>
    public static SuiteSize Short { get; } = new(1, 0, 0, 1, 1, 0, 1, 0);
}

/// <summary>A scenario that can be run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">Runs it and counts.</param>
internal sealed record Scenario(string Name, Action<Tally> Run)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>All scenarios.</summary>
internal static class Suite
{
    /// <summary>Makes the scenarios.</summary>
    /// <param name="inputs">What the commands read.</param>
    /// <param name="parent">A folder for the working folders.</param>
    /// <param name="size">How much runs.</param>
    /// <param name="seed">Chooses the moments.</param>
    public static IEnumerable<Scenario> Scenarios(Inputs inputs, string parent, SuiteSize size, int seed)
    {
        DisturbedJob[] jobs =
            [.. Job.All(inputs).Select(job => new DisturbedJob(job, parent, Environment.ProcessorCount))];
        for (int i = 0; i < jobs.Length; i++)
        {
            DisturbedJob job = jobs[i];
            // Else few runs of each would all be of the same kind.
            int own = seed + i;
            if (size.Kills > 0)
                yield return new Scenario($"kill: {job.Job.Name}", tally => job.Kill(tally, size.Kills, own));
            if (size.TimedKills > 0)
                yield return new Scenario($"kill at a time: {job.Job.Name}",
                    tally => job.KillAtTimes(tally, size.TimedKills, own));
            if (size.Chains > 0)
                yield return new Scenario($"kill again and again: {job.Job.Name}",
                    tally => job.KillAgain(tally, size.Chains, own));
            if (job.Job.SurvivesPowerLoss) yield return new Scenario($"power loss: {job.Job.Name}", job.CheckOrder);
            if (size.Disks > 0)
                yield return new Scenario($"full disk: {job.Job.Name}", tally => job.FillDisk(tally, size.Disks, own));
            if (size.Failures > 0)
                yield return new Scenario($"failing call: {job.Job.Name}",
                    tally => job.FailCalls(tally, size.Failures, own));
            if (size.Cuts > 0)
                yield return new Scenario($"cut write: {job.Job.Name}", tally => job.CutWrites(tally, size.Cuts, own));
            if (size.Streams > 0)
                yield return new Scenario($"streams: {job.Job.Name}",
                    tally => job.RedirectStreams(tally, size.Streams, own));
        }
        foreach (Scenario scenario in new StandardOutput(inputs, parent).Scenarios) yield return scenario;
        foreach (Scenario scenario in new LongTraining(inputs, parent).Scenarios) yield return scenario;
        if (size.MountedDisks > 0)
            yield return new Scenario("full disk: tmpfs, all in turn",
                tally => new MountedDisks(jobs, parent).Run(tally, size.MountedDisks, seed));
    }
}
