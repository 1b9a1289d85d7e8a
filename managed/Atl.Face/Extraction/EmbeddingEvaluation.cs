using Atl.Face.Datasets;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>How well an embedding tells people apart.</summary>
public static class EmbeddingEvaluation
{
    /// <summary>
    /// Extracts the features of labelled faces and verifies them: ten-fold accuracy over balanced pairs, everything else over all pairs.
    /// </summary>
    /// <param name="deploy">The embedding net.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="faces">The faces, best of people that the net was not trained on.</param>
    /// <param name="rates">The false accept rates asked for.</param>
    /// <param name="seed">Chooses the pairs of the ten folds.</param>
    public static VerificationResult Verify(
        NetParameter deploy, NetParameter weights, IReadOnlyList<FaceSample> faces, IReadOnlyList<double> rates, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(faces);
        const int PairsPerFold = 300;
        using FaceExtractor extractor = new(deploy, [weights], new ExtractionOptions { Seed = seed });
        FeatureMatrix features = extractor.Extract(faces);
        int[] labels = [.. faces.Select(face => face.Label)];
        int folds = Math.Clamp(labels.Distinct().Count() / 2, 1, 10);
        return VerificationResult.Compute(features, BalancedPairs.Create(labels, PairsPerFold, seed, folds), rates, AllPairs.Compute(features, labels).Scores);
    }
}
