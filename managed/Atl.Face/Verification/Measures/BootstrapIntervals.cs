namespace Atl.Face.Verification;

/// <summary>Confidence intervals of the measures that come from the ROC.</summary>
/// <param name="Unit">What was drawn: identities or pairs.</param>
/// <param name="Options">How.</param>
/// <param name="Auc">Of the area under the curve.</param>
/// <param name="EqualErrorRate">Of the equal error rate.</param>
/// <param name="Tars">Of the true accept rates, in the order of the rates asked for; null where a rate is beyond most
/// samples' pairs.</param>
public sealed record BootstrapIntervals(
    string Unit, BootstrapOptions Options, ConfidenceInterval? Auc, ConfidenceInterval? EqualErrorRate,
    IReadOnlyList<ConfidenceInterval?> Tars);
