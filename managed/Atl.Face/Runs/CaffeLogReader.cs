using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>Makes the course of a run from the lines of a text log. Lines that say nothing of the solver are skipped
/// over.</summary>
internal static class CaffeLogReader
{
    private static readonly Dictionary<string, string> NoFacts = [];

    /// <summary>Reads a log into a history. An iteration number that falls back means that training went on from a
    /// snapshot.</summary>
    /// <param name="path">The log.</param>
    /// <param name="history">Takes its readings up.</param>
    /// <param name="note">Receives a message for each ignored line.</param>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public static void Read(string path, RunHistory history, Action<string> note) =>
        Read(CaffeLogLine.Read(path, note), history);

    /// <summary>Reads lines into a history.</summary>
    public static void Read(IEnumerable<CaffeLogLine> lines, RunHistory history)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(history);
        int lastTest = history.Tests.Count > 0 ? history.Tests[^1].Iteration : -1;
        int lastTraining = history.Training.Count > 0 ? history.Training[^1].Iteration : -1;
        bool begun = history.Starts.Count > 0;
        string net = "";
        TrainReading? training = null;
        TestReading? test = null;
        Dictionary<string, double> outputs = [];
        Dictionary<string, int> elements = [];
        foreach (CaffeLogLine line in lines)
        {
            if (line.HidesIteration)
            {
                Flush();
            }
            else if (line is { Iteration: { } tested, TestNet: { } number })
            {
                Flush();
                outputs = [];
                elements.Clear();
                test = new TestReading(tested, 0, number, outputs);
            }
            else if (line is { Iteration: { } trained, Loss: { } loss })
            {
                Flush();
                outputs = [];
                elements.Clear();
                double? speed = line.IterationsPerSecond > 0 ? line.IterationsPerSecond : null;
                training = new TrainReading(trained, 0, loss, null, null, speed, null, outputs);
            }
            else if (line.LearningRate is { } rate && training?.Iteration == line.Iteration)
            {
                training = training! with { LearningRate = rate };
            }
            else if (line.Output is { } output && (training is not null || test is not null))
            {
                // The elements of one output have its name.
                int element = elements.GetValueOrDefault(output.Name);
                elements[output.Name] = element + 1;
                outputs[element == 0 ? output.Name : $"{output.Name}/{element}"] = output.Value;
            }
            else if (line.Net is { } named)
            {
                net = named;
            }
        }
        Flush();

        void Flush()
        {
            if (test is not null)
            {
                Begin(test.Iteration, lastTest);
                history.Add(test);
                lastTest = test.Iteration;
            }
            if (training is not null)
            {
                Begin(training.Iteration, lastTraining);
                // λ is an output of the margin layer where its net names it so.
                double? lambda = outputs.TryGetValue("lambda", out double named) ? named : null;
                history.Add(training with { Lambda = lambda });
                lastTraining = training.Iteration;
            }
            (test, training) = (null, null);
        }

        void Begin(int iteration, int last)
        {
            if (begun && iteration >= last) return;
            history.Add(new RunStart(iteration, 0, net, NoFacts));
            begun = true;
            (lastTest, lastTraining) = (Math.Min(lastTest, iteration), Math.Min(lastTraining, iteration));
        }
    }
}
