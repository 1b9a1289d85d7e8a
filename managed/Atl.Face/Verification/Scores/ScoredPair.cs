namespace Atl.Face.Verification;

/// <summary>Two images (rows of a <see cref="FeatureMatrix"/>) and their score.</summary>
internal readonly record struct ScoredPair(int First, int Second, double Score);
