using Atl.Face.Datasets;
using Atl.Face.Verification;

namespace Atl.Face.Report;

/// <summary>What a report shows of one training run. Everything but the title may be missing; a section without data is left out.</summary>
public sealed class RunReport
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One line below it: what was trained, on what.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Facts of the run (net, solver, machine, times …), shown as a table in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The course of training, by rising iteration.</summary>
    public IReadOnlyList<TrainingPoint> Training { get; init; } = [];

    /// <summary>Nets verified on one protocol, the one of interest first; the others are what it is compared with.</summary>
    public IReadOnlyList<ReportNetwork> Networks { get; init; } = [];

    /// <summary>Rows of sample pictures, one person a row.</summary>
    public IReadOnlyList<IReadOnlyList<FaceSample>> Samples { get; init; } = [];

    /// <summary>The picture behind a row of the features, for the hardest pairs; without it they are left out.</summary>
    public Func<int, FaceSample>? Picture { get; init; }
}

/// <summary>One reading during training.</summary>
/// <param name="Iteration">The solver's iteration.</param>
/// <param name="Loss">The loss of that iteration.</param>
/// <param name="Lambda">λ of the margin layer, if it has one.</param>
/// <param name="LearningRate">The learning rate, if known.</param>
public readonly record struct TrainingPoint(int Iteration, double Loss, double? Lambda = null, double? LearningRate = null);

/// <summary>A net and what it did on the protocol.</summary>
/// <param name="Name">"trained", "untrained", …</param>
/// <param name="Result">Its measures.</param>
public sealed record ReportNetwork(string Name, VerificationResult Result);
