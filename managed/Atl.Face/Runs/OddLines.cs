namespace Atl.Face.Runs;

/// <summary>
/// The lines of a log that are odd: of each way in which they are treated the first line is named, with its problem,
/// and how many more there are.
/// </summary>
/// <param name="path">The log.</param>
internal sealed class OddLines(string path)
{
    private readonly Dictionary<string, (long Line, string Problem, long More)> _found = [];

    /// <summary>Takes a line up.</summary>
    /// <param name="line">Its number in the file, from 1.</param>
    /// <param name="treatment">What is done with it: "ignored".</param>
    /// <param name="problem">What is odd about it.</param>
    public void Add(long line, string treatment, string problem) => _found[treatment] =
        _found.TryGetValue(treatment, out var first) ? first with { More = first.More + 1 } : (line, problem, 0);

    /// <summary>Names the first line of each treatment.</summary>
    public void Tell(Action<string> note)
    {
        foreach ((string treatment, (long line, string problem, long more)) in _found)
        {
            string others = more == 0 ? "" : more == 1 ? "; so is 1 more line" : $"; so are {more} more lines";
            note($"{path}:{line}: {treatment}: {problem}{others}");
        }
    }
}
