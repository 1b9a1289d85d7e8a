using Atl.Face.Verification;

namespace Atl.Face.Identification;

/// <summary>Some images of a matrix of features, and who is on them.</summary>
/// <param name="Features">The features.</param>
/// <param name="Rows">The images' rows.</param>
/// <param name="Labels">Who is on each of them, in the order of <paramref name="Rows"/>.</param>
internal sealed record ImageSet(FeatureMatrix Features, IReadOnlyList<int> Rows, IReadOnlyList<int> Labels)
{
    /// <summary>The images of rows, with the label of each row of the matrix.</summary>
    public static ImageSet Of(FeatureMatrix features, IReadOnlyList<int> rows, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new ImageSet(features, rows, [.. rows.Select(row => labels[row])]);
    }
}
