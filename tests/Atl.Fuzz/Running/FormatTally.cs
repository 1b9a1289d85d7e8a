namespace Atl.Fuzz.Running;

/// <summary>What the mutants of a format came to.</summary>
/// <param name="format">The format's name.</param>
internal sealed class FormatTally(string format)
{
    private const int Codes = 4;

    private readonly int[] _exits = new int[Codes];
    private int _deep;

    /// <summary>The format.</summary>
    public string Format => format;

    /// <summary>How many mutants were run.</summary>
    public int Mutants { get; private set; }

    /// <summary>How many files of the corpus were run before them.</summary>
    public int Whole { get; private set; }

    /// <summary>How many mutants ended with each exit code.</summary>
    public IReadOnlyList<int> Exits => _exits;

    /// <summary>The share of mutants, in percent, that passed the header.</summary>
    public double DeepPercent => Mutants == 0 ? 0 : 100.0 * _deep / Mutants;

    /// <summary>The slowest case, in seconds.</summary>
    public double Slowest { get; private set; }

    /// <summary>The most memory, in bytes.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>How often each fault was met.</summary>
    public Dictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>How many mutants ended with each message; numbers and names are left out.</summary>
    public Dictionary<string, int> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts a case.</summary>
    public void Add(FuzzOutcome outcome, bool isMutant)
    {
        foreach (Fault fault in outcome.Faults)
            Faults[fault.Signature] = Faults.GetValueOrDefault(fault.Signature) + 1;
        Slowest = Math.Max(Slowest, outcome.Seconds);
        PeakBytes = Math.Max(PeakBytes, outcome.PeakBytes);
        if (!isMutant)
        {
            Whole++;
            return;
        }
        Mutants++;
        if (outcome.IsDeep) _deep++;
        if (outcome.ExitCode is >= 0 and < Codes) _exits[outcome.ExitCode]++;
        string message = new Fault(outcome.IsDeep ? "deep" : "header", outcome.Message, "").Signature;
        Messages[message] = Messages.GetValueOrDefault(message) + 1;
    }
}
