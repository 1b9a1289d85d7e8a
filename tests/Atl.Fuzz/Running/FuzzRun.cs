using System.Collections.Concurrent;
using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>A run over formats, with its table.</summary>
internal static class FuzzRun
{
    private const int MessagesShown = 25, MessageCharacters = 180;

    /// <summary>Runs the formats and prints the table; the exit code is 1 where one has a fault or stays at the
    /// header.</summary>
    public static int Run(FuzzOptions options, IReadOnlyList<FuzzFormat> formats)
    {
        Console.WriteLine($"fuzz: seed {options.Seed}");
        Supervisor supervisor = new(options);
        ConcurrentBag<FormatTally> tallies = [];
        Lock gate = new();
        Console.WriteLine(TallyTable.Header);
        Parallel.ForEach(formats, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, format =>
        {
            FormatTally tally = supervisor.Run(format);
            tallies.Add(tally);
            lock (gate) Print(tally, options.Messages);
        });
        int good = tallies.Count(TallyTable.IsGood);
        Console.WriteLine($"{tallies.Sum(tally => tally.Mutants)} mutants of {tallies.Count} formats, "
            + $"{tallies.Sum(tally => tally.Faults.Values.Sum())} faults "
            + $"of {tallies.Sum(tally => tally.Faults.Count)} kinds");
        Console.WriteLine($"{good} passed, {tallies.Count - good} failed, 0 skipped");
        return good == tallies.Count ? 0 : 1;
    }

    private static void Print(FormatTally tally, bool messages)
    {
        Console.WriteLine(TallyTable.Row(tally));
        PrintCounts(tally.Faults);
        if (messages) PrintCounts(tally.Messages);
    }

    private static void PrintCounts(Dictionary<string, int> counts)
    {
        foreach ((string what, int count) in counts.OrderByDescending(entry => entry.Value).Take(MessagesShown))
            Console.WriteLine(
                $"    {count,6} × {(what.Length > MessageCharacters ? what[..MessageCharacters] + "…" : what)}");
    }
}
