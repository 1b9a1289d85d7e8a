using System.Numerics.Tensors;
using OpenCvSharp;

namespace Atl.Face.Verification;

/// <summary>
/// Features of some identities in the plane: principal component analysis of their unit features, centered on the mean
/// of those taken. Of all planes it is the one in which they scatter most; nothing pulls identities apart as linear
/// discriminants would.
/// </summary>
internal static class FeatureProjection
{
    /// <summary>The number of identities shown: as many as color and shape can distinguish.</summary>
    public const int People = 8;

    private const int ImagesOfEach = 24;
    private const int FewestImages = 2;

    /// <summary>Projects the identities with the most usable images, at most <see cref="People"/>, and the first 24
    /// images of each.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="identities">Who is on each image; rows beyond them are not taken.</param>
    /// <returns>Null where fewer than two identities have two usable images each, or a feature has one value.</returns>
    public static ProjectionRecord? Compute(FeatureMatrix features, IReadOnlyList<string> identities)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(identities);
        (string Name, int[] Rows)[] people =
        [
            .. Enumerable.Range(0, Math.Min(features.Rows, identities.Count))
                .Where(row => features.StateOf(row) == FeatureState.Usable)
                .GroupBy(row => identities[row])
                .Select(person => (person.Key, Rows: person.Take(ImagesOfEach).ToArray(), All: person.Count()))
                .Where(person => person.All >= FewestImages).OrderByDescending(person => person.All).Take(People)
                .Select(person => (person.Key, person.Rows)),
        ];
        if (people.Length < 2 || features.Columns < 2)
            return null;
        int[] rows = [.. people.SelectMany(person => person.Rows)];
        UnitFeatures unit = new(features, rows);
        using Mat samples = Mat.FromPixelData(rows.Length, features.Columns, MatType.CV_32FC1, unit.Values);
        using Mat mean = new(), axes = new(), variances = new(), places = new();
        // All variances are wanted: the fraction of the two axes is told of their sum.
        Cv2.PCACompute(samples, mean, axes, variances, rows.Length);
        Cv2.PCAProject(samples, mean, axes.RowRange(0, 2), places);
        variances.GetArray(out float[] variance);
        double total = variance.Sum(value => (double)Math.Max(0, value));
        if (!(total > 0))
            return null;
        axes.GetArray(out float[] axis);
        places.GetArray(out float[] place);
        double first = Sign(axis.AsSpan(0, features.Columns)),
            second = Sign(axis.AsSpan(features.Columns, features.Columns));
        List<ProjectedPerson> projected = [];
        int next = 0;
        foreach ((string name, int[] images) in people)
        {
            ProjectedImage[] points =
                [.. images.Select(row => new ProjectedImage(row, first * place[next++], second * place[next++]))];
            projected.Add(new ProjectedPerson(name, points));
        }

        return new ProjectionRecord("pca", Math.Max(0, variance[0]) / total, Math.Max(0, variance[1]) / total,
            projected);
    }

    // An axis may point either way: it is turned so that its largest part is positive, whatever the machine.
    private static double Sign(ReadOnlySpan<float> axis) => TensorPrimitives.MaxMagnitude(axis) < 0 ? -1 : 1;
}
