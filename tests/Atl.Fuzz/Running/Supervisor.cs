using System.Diagnostics;
using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>Runs the cases of a format in workers; where one dies of a case, another goes on with the next.</summary>
/// <param name="options">The run's options.</param>
internal sealed class Supervisor(FuzzOptions options)
{
    /// <summary>Runs a format's corpus and as many mutants as time or number allow.</summary>
    public FormatTally Run(FuzzFormat format)
    {
        FormatTally tally = new(format.Name);
        FuzzOptions own =
            options with { Work = Directory.CreateDirectory(Path.Combine(options.Work, format.Name)).FullName };
        FaultStore store = new(own, format);
        WorkerProcess? worker = null;
        try
        {
            worker = WorkerProcess.Start(own, format.Name, out int whole);
            Stopwatch clock = Stopwatch.StartNew();
            foreach (int index in Indexes(whole, clock))
            {
                FuzzOutcome outcome = worker.Run(index);
                tally.Add(outcome, index >= whole);
                string label = worker.Label;
                if (worker.IsGone)
                {
                    worker.Dispose();
                    worker = WorkerProcess.Start(own, format.Name, out _);
                }
                foreach (Fault fault in outcome.Faults)
                    if (store.Keep(label, fault, folder => worker.Save(index, folder)) is { } kept)
                        Console.WriteLine(
                            $"  {format.Name}: {fault.Kind}: {fault.Message}\n    {kept}\n    {store.Again(label)}");
            }
        }
        finally
        {
            worker?.Dispose();
        }
        return tally;
    }

    private IEnumerable<int> Indexes(int whole, Stopwatch clock)
    {
        if (options.Input is not null) return [0];
        if (options.Mutant is { } mutant) return [whole + mutant];
        IEnumerable<int> all = Enumerable.Range(0, options.Mutants is { } count ? whole + count : int.MaxValue);
        return options.Mutants is null ? all.TakeWhile(index => index < whole || clock.Elapsed < options.Time) : all;
    }
}
