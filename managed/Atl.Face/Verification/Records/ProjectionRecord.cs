namespace Atl.Face.Verification;

/// <summary>The plane in which <see cref="FeatureProjection"/> shows some identities.</summary>
/// <param name="Method">"pca": principal components of unit features.</param>
/// <param name="FirstShare">The fraction of the variance along the first axis, from 0 to 1.</param>
/// <param name="SecondShare">The share along the second.</param>
/// <param name="People">The identities, those with the most images first.</param>
internal sealed record ProjectionRecord(string Method, double FirstShare, double SecondShare,
    IReadOnlyList<ProjectedPerson> People);

/// <summary>One person's images in the plane.</summary>
/// <param name="Name">Who it is.</param>
/// <param name="Images">Where the images lie.</param>
internal sealed record ProjectedPerson(string Name, IReadOnlyList<ProjectedImage> Images);

/// <summary>One image in the plane.</summary>
/// <param name="Row">Its row of the features.</param>
/// <param name="X">Along the first axis, in lengths of unit features.</param>
/// <param name="Y">Along the second.</param>
internal readonly record struct ProjectedImage(int Row, double X, double Y);
