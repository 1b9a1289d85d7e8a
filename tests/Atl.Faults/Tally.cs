namespace Atl.Faults;

/// <summary>What came of a scenario's runs. Several threads may add to it.</summary>
/// <param name="scenario">Its name.</param>
internal sealed class Tally(string scenario)
{
    private readonly Lock _gate = new();
    private readonly List<string> _lost = [];

    /// <summary>The scenario's name.</summary>
    public string Scenario { get; } = scenario;

    /// <summary>The disturbed runs.</summary>
    public int Runs { get; private set; }

    /// <summary>Those after which the job was gone on with and left the same bytes as undisturbed.</summary>
    public int Equal { get; private set; }

    /// <summary>What was lost, a text for each run of which something was.</summary>
    public IReadOnlyList<string> Lost => _lost;

    /// <summary>Why nothing was run; null where something was.</summary>
    public string? Skipped { get; set; }

    /// <summary>Counts a run.</summary>
    /// <param name="disturbance">How it was disturbed.</param>
    /// <param name="lost">What was lost; null where nothing was.</param>
    /// <param name="equal">Whether the job was gone on with, to the same bytes.</param>
    public void Add(string disturbance, string? lost, bool equal = false)
    {
        lock (_gate)
        {
            Runs++;
            if (lost is not null) _lost.Add($"{disturbance}: {lost}");
            if (equal) Equal++;
        }
    }
}
