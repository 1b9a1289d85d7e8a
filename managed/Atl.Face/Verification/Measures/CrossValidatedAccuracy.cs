namespace Atl.Face.Verification;

/// <summary>Accuracy by cross-validation over folds.</summary>
/// <param name="Mean">The mean over the folds that have pairs.</param>
/// <param name="StandardDeviation">The standard deviation over these folds.</param>
/// <param name="StandardError">The standard error of the mean, as LFW's tables give it.</param>
/// <param name="Folds">Each of them; folds count from 0.</param>
internal sealed record CrossValidatedAccuracy(double Mean, double StandardDeviation, double StandardError,
    IReadOnlyList<FoldResult> Folds)
{
    /// <summary>The accuracy over folds.</summary>
    /// <param name="folds">At least one.</param>
    /// <param name="degreesOfFreedom">What the sum of squared deviations is divided by.</param>
    internal static CrossValidatedAccuracy Of(IReadOnlyList<FoldResult> folds, int degreesOfFreedom)
    {
        double mean = folds.Average(fold => fold.Accuracy);
        double squares = folds.Sum(fold => (fold.Accuracy - mean) * (fold.Accuracy - mean));
        double deviation = folds.Count > 1 ? Math.Sqrt(squares / degreesOfFreedom) : 0;
        return new CrossValidatedAccuracy(mean, deviation, deviation / Math.Sqrt(folds.Count), folds);
    }
}

/// <summary>The accuracy of one fold.</summary>
/// <param name="Fold">Which.</param>
/// <param name="Pairs">Pairs in it, unscored ones included.</param>
/// <param name="Threshold">The threshold chosen on the other folds.</param>
/// <param name="Accuracy">Fraction of its pairs classified correctly.</param>
internal readonly record struct FoldResult(int Fold, int Pairs, double Threshold, double Accuracy);
