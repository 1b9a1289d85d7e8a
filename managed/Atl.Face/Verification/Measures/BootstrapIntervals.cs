using System.Text.Json.Serialization;

namespace Atl.Face.Verification;

/// <summary>Confidence intervals of the measures that come from the ROC.</summary>
/// <param name="Unit">What was drawn: "identities" or "pairs".</param>
/// <param name="Replicates">How many samples were drawn.</param>
/// <param name="Level">The fraction of samples that an interval covers.</param>
/// <param name="Seed">Chooses the samples.</param>
/// <param name="Auc">Of the area under the ROC.</param>
/// <param name="EqualErrorRate">Of the equal error rate.</param>
internal sealed record BootstrapIntervals(string Unit, int Replicates, double Level, ulong Seed,
    ConfidenceInterval? Auc,
    ConfidenceInterval? EqualErrorRate)
{
    /// <summary>Of the true accept rates, in the order of the rates asked for; null where a rate is beyond most
    /// samples' pairs. (In a file they stand with the rates.)</summary>
    [JsonIgnore]
    public IReadOnlyList<ConfidenceInterval?> Tars { get; init; } = [];
}
