namespace Atl.Faults;

/// <summary>How much of the suite runs.</summary>
/// <param name="Kills">Kills of each job at calls.</param>
/// <param name="TimedKills">Kills of each job at moments of the clock.</param>
/// <param name="Disks">Runs of each job on a disk that fills up.</param>
/// <param name="Failures">Runs of each job in which one call fails.</param>
/// <param name="Cuts">Runs of each job in which a write is interrupted or cut short.</param>
/// <param name="MountedDisks">Runs on real file systems of limited size, over all jobs.</param>
internal sealed record SuiteSize(int Kills, int TimedKills, int Disks, int Failures, int Cuts, int MountedDisks)
{
    /// <summary>What the tests run.</summary>
    public static SuiteSize Short { get; } = new(2, 0, 1, 1, 0, 0);
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
        foreach (DisturbedJob job in Job.All(inputs).Select(job => new DisturbedJob(job, parent, Environment.ProcessorCount)))
        {
            if (size.Kills > 0) yield return new Scenario($"kill: {job.Job.Name}", tally => job.Kill(tally, size.Kills, seed));
            if (size.TimedKills > 0) yield return new Scenario($"kill at a time: {job.Job.Name}", tally => job.KillAtTimes(tally, size.TimedKills, seed));
            if (size.Disks > 0) yield return new Scenario($"full disk: {job.Job.Name}", tally => job.FillDisk(tally, size.Disks, seed));
            if (size.Failures > 0) yield return new Scenario($"failing call: {job.Job.Name}", tally => job.FailCalls(tally, size.Failures, seed));
            if (size.Cuts > 0) yield return new Scenario($"cut write: {job.Job.Name}", tally => job.CutWrites(tally, size.Cuts, seed));
        }
    }
}
