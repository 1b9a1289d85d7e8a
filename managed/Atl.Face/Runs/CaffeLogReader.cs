using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>Reads the lines of a solver from a text log of Caffe, or of Atl, which writes the same ones. The other lines are passed over.</summary>
public static partial class CaffeLogReader
{
    private static readonly Dictionary<string, string> NoFacts = [];

    /// <summary>Reads a log into a history. An iteration number that falls back means that training went on from a snapshot.</summary>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    public static void Read(string path, RunHistory history)
    {
        try
        {
            Read(File.ReadLines(path), history);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AtlException($"{path}: the log cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads lines into a history.</summary>
    public static void Read(IEnumerable<string> lines, RunHistory history)
    {
        string net = "";
        TrainReading? training = null;
        TestReading? test = null;
        Dictionary<string, double> outputs = [];
        foreach (string line in lines)
        {
            if (TestLine().Match(line) is { Success: true } tested)
            {
                Flush();
                outputs = [];
                test = new TestReading(Integer(tested, 1), 0, Integer(tested, 2), outputs);
            }
            else if (LossLine().Match(line) is { Success: true } loss)
            {
                Flush();
                outputs = [];
                double? rate = loss.Groups[2].Success ? Number(loss.Groups[2].Value) : null;
                training = new TrainReading(Integer(loss, 1), 0, Number(loss.Groups[3].Value), null, null, rate > 0 ? rate : null, null, outputs);
            }
            else if (RateLine().Match(line) is { Success: true } learning && training?.Iteration == Integer(learning, 1))
            {
                training = training with { LearningRate = Number(learning.Groups[2].Value) };
            }
            else if (OutputLine().Match(line) is { Success: true } output && (training is not null || test is not null))
            {
                string name = output.Groups[1].Value;
                for (int more = 1; !outputs.TryAdd(name, Number(output.Groups[2].Value)); more++) name = $"{output.Groups[1].Value}/{more}";
            }
            else if (NetLine().Match(line) is { Success: true } named)
            {
                net = named.Groups[1].Value.TrimEnd();
            }
        }
        Flush();

        void Flush()
        {
            if (test is not null) Add(test, history.Tests.Count > 0 ? history.Tests[^1].Iteration : -1);
            // λ is an output of the margin layer where its net names it so.
            if (training is not null)
                Add(training with { Lambda = outputs.TryGetValue("lambda", out double lambda) ? lambda : null }, history.Training.Count > 0 ? history.Training[^1].Iteration : -1);
            (test, training) = (null, null);
        }

        void Add(RunEntry entry, int last)
        {
            if (history.Starts.Count == 0 || entry.Iteration < last) history.Add(new RunStart(entry.Iteration, 0, net, NoFacts));
            history.Add(entry);
        }
    }

    private static int Integer(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static double Number(string text) => text.TrimStart('-') switch
    {
        "nan" => double.NaN,
        "inf" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        _ => double.TryParse(text, CultureInfo.InvariantCulture, out double value) ? value : double.NaN,
    };

    [GeneratedRegex(@"\] Solving (.+)$")]
    private static partial Regex NetLine();

    [GeneratedRegex(@"\] Iteration (\d{1,9})(?: \(([\d.e+-]+) iter/s.*\))?, loss = (\S+)")]
    private static partial Regex LossLine();

    [GeneratedRegex(@"\] Iteration (\d{1,9}), lr = (\S+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"\] Iteration (\d{1,9}), Testing net \(#(\d{1,9})\)")]
    private static partial Regex TestLine();

    [GeneratedRegex(@"\]\s+T(?:rain|est) net output #\d+: (\S+) = (\S+)")]
    private static partial Regex OutputLine();
}
