using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>Makes the course of a run from the lines of a text log. Lines that tell nothing of the solver are passed over.</summary>
public static class CaffeLogReader
{
    private static readonly Dictionary<string, string> NoFacts = [];

    /// <summary>Reads a log into a history. An iteration number that falls back means that training went on from a snapshot.</summary>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public static void Read(string path, RunHistory history) => Read(CaffeLogLine.Read(path), history);

    /// <summary>Reads lines into a history.</summary>
    public static void Read(IEnumerable<CaffeLogLine> lines, RunHistory history)
    {
        string net = "";
        TrainReading? training = null;
        TestReading? test = null;
        Dictionary<string, double> outputs = [];
        foreach (CaffeLogLine line in lines)
        {
            if (line is { Iteration: { } tested, TestNet: { } number })
            {
                Flush();
                outputs = [];
                test = new TestReading(tested, 0, number, outputs);
            }
            else if (line is { Iteration: { } trained, Loss: { } loss })
            {
                Flush();
                outputs = [];
                double? speed = line.IterationsPerSecond > 0 ? line.IterationsPerSecond : null;
                training = new TrainReading(trained, 0, loss, null, null, speed, null, outputs);
            }
            else if (line.LearningRate is { } rate && training?.Iteration == line.Iteration)
            {
                training = training! with { LearningRate = rate };
            }
            else if (line.Output is { } output && (training is not null || test is not null))
            {
                string name = output.Name;
                for (int more = 1; !outputs.TryAdd(name, output.Value); more++) name = $"{output.Name}/{more}";
            }
            else if (line.Net is { } named)
            {
                net = named;
            }
        }
        Flush();

        void Flush()
        {
            if (test is not null) Add(test, history.Tests.Count > 0 ? history.Tests[^1].Iteration : -1);
            // λ is an output of the margin layer where its net names it so.
            if (training is not null)
            {
                double? lambda = outputs.TryGetValue("lambda", out double named) ? named : null;
                Add(training with { Lambda = lambda }, history.Training.Count > 0 ? history.Training[^1].Iteration : -1);
            }
            (test, training) = (null, null);
        }

        void Add(RunEntry entry, int last)
        {
            if (history.Starts.Count == 0 || entry.Iteration < last) history.Add(new RunStart(entry.Iteration, 0, net, NoFacts));
            history.Add(entry);
        }
    }
}
