using Atl.Face.Alignment;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face;

/// <summary>
/// The similarity above which two faces are of one identity, and what it was measured on: the file that <c>atl verify
/// -threshold</c> writes, as JSON with names in snake case.
/// </summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record FaceThreshold
{
    /// <summary>The version of the format that this program writes.</summary>
    public const int CurrentVersion = 1;

    private const string Expected = "what atl verify -threshold writes";

    /// <summary>The version of the file's format.</summary>
    public required int Version { get; init; }

    /// <summary>The cosine; similarities strictly above it are those of one identity.</summary>
    public required double Threshold { get; init; }

    /// <summary>The measure that it was chosen for.</summary>
    public required ThresholdMeasure Measure { get; init; }

    /// <summary>The false accept rate that was asked for; null for other measures.</summary>
    public double? Far { get; init; }

    /// <summary>The fraction of the impostor pairs that are accepted.</summary>
    public required double FalseAcceptRate { get; init; }

    /// <summary>The fraction of the genuine pairs that are accepted.</summary>
    public required double TrueAcceptRate { get; init; }

    /// <summary>The features that were compared.</summary>
    public required FeatureSource Features { get; init; }

    /// <summary>The pairs that were compared.</summary>
    public required PairSource Pairs { get; init; }

    /// <summary>The recipe of the features. The threshold is valid for no others.</summary>
    public required FeatureRecipe Recipe { get; init; }

    /// <summary>Chooses a threshold.</summary>
    /// <param name="record">What was compared.</param>
    /// <param name="scores">The scores of its pairs.</param>
    /// <param name="recipe">How its features were computed.</param>
    /// <param name="measure">What to choose it for.</param>
    /// <param name="far">The false accept rate, for that measure.</param>
    /// <exception cref="MeasureException">There are too few impostor pairs for the rate.</exception>
    internal static FaceThreshold Choose(VerificationRecord record, ScoreDistribution scores, FeatureRecipe recipe,
        ThresholdMeasure measure, double far)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(scores);
        double threshold = measure switch
        {
            ThresholdMeasure.FalseAcceptRate => AtRate(scores, far),
            ThresholdMeasure.EqualErrorRate => record.EqualErrorThreshold,
            _ => OfBestAccuracy(scores),
        };
        return new FaceThreshold
        {
            Version = CurrentVersion,
            Threshold = threshold,
            Measure = measure,
            Far = measure == ThresholdMeasure.FalseAcceptRate ? far : null,
            FalseAcceptRate = (double)scores.ImpostorAbove(threshold) / scores.Impostor,
            TrueAcceptRate = (double)scores.GenuineAbove(threshold) / scores.Genuine,
            Features = record.Features,
            Pairs = record.Pairs,
            Recipe = recipe,
        };
    }

    /// <summary>Writes the file, which has its name when it is whole.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public void Write(string path) => JsonText.Write(path, this);

    /// <summary>Reads a file.</summary>
    /// <exception cref="AtlException">It is missing, no such JSON, of a version that this program does not know, or its
    /// threshold is no cosine, or its alignment is not known.</exception>
    public static FaceThreshold Read(string path)
    {
        FaceThreshold threshold = JsonText.Read<FaceThreshold>(path, Expected);
        if (threshold.Version != CurrentVersion)
            throw new AtlException($"{path}: version {threshold.Version} of the format, expected {CurrentVersion}");
        threshold.Recipe.Check(path);
        if (!(threshold.Threshold is >= -1 and <= 1))
            throw new AtlException(FormattableString.Invariant(
                $"{path}: the threshold is {threshold.Threshold}, expected a cosine from -1 to 1"));
        try
        {
            AlignmentDescription.Parse(threshold.Recipe.Alignment ?? "");
            return threshold;
        }
        catch (AtlException e)
        {
            throw new AtlException($"{path}: {e.Message}", e);
        }
    }

    private static double AtRate(ScoreDistribution scores, double far)
    {
        TarAtFar found = scores.TarAt(far);
        if (found.Tar is null)
            throw new MeasureException(FormattableString.Invariant(
                $"a threshold at a false accept rate of {far} needs {found.NeededPairs} impostor pairs, found ")
                + $"{found.ImpostorPairs}; take more pairs or a higher rate");
        return found.Threshold ?? throw new MeasureException(FormattableString.Invariant(
            $"at a false accept rate of {far} every pair is accepted; take a lower rate"));
    }

    // Between two corners the counts stay the same: the middle is farthest from both.
    private static double OfBestAccuracy(ScoreDistribution scores)
    {
        double best = double.NegativeInfinity, threshold = 0, before = double.NaN;
        bool ends = false;
        foreach (RocCorner corner in scores.Corners())
        {
            if (ends) threshold = (before + corner.Score) / 2;
            double right = ((double)corner.Genuine / scores.Genuine) - ((double)corner.Impostor / scores.Impostor);
            ends = right > best;
            if (ends) (best, threshold) = (right, corner.Score);
            before = corner.Score;
        }
        return threshold;
    }
}
