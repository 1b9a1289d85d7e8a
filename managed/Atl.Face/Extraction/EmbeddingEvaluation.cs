using Atl.Face.Datasets;
using Atl.Face.Verification;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static System.FormattableString;

namespace Atl.Face.Extraction;

/// <summary>The quality of an embedding: how well it separates identities.</summary>
internal static class EmbeddingEvaluation
{
    private const int Folds = 10;
    private const int HardestPairs = 20;

    /// <summary>
    /// Extracts the features of labeled faces and verifies them: ten-fold accuracy over balanced pairs, everything
    /// else over all pairs.
    /// </summary>
    /// <param name="deploy">The embedding net.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="faces">The faces, best of identities that the net was not trained on.</param>
    /// <param name="options">The false accept rates asked for, and intervals where they are wanted.</param>
    /// <param name="seed">Chooses the pairs of the ten folds.</param>
    /// <param name="source">What the faces are called.</param>
    /// <param name="logger">The logger for the net's messages; null for none.</param>
    public static VerificationRecorder Verify(
        NetParameter deploy, NetParameter weights, IReadOnlyList<FaceSample> faces, VerificationOptions options,
        ulong seed, string source, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(faces);
        using FaceExtractor extractor = new(deploy, [new WeightsFile("the trained net", weights)],
            new ExtractionOptions { Seed = seed, Logger = logger ?? NullLogger.Instance });
        FeatureMatrix features = extractor.Extract(faces);
        string[] people = [.. faces.Select(face => Invariant($"person {face.Label}"))];
        FeatureSource from = new(source, features.Rows, features.Columns, null);
        return VerificationRecorder.OfAllPairs(features, from, new ImageNames(Names(people)), people, options, Folds,
            seed, HardestPairs);
    }

    /// <summary>The names of faces, in their order: the person and the number of the image among the
    /// person's.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> people)
    {
        Dictionary<string, int> images = [];
        return [.. people.Select(person =>
            Invariant($"{person}, image {images[person] = images.GetValueOrDefault(person) + 1}"))];
    }
}
