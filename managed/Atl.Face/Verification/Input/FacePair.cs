namespace Atl.Face.Verification;

/// <summary>Two images (rows of a <see cref="FeatureMatrix"/>) to be compared.</summary>
/// <param name="First">Row of the one.</param>
/// <param name="Second">Row of the other.</param>
/// <param name="Same">Whether they show one person (a genuine pair) or two (an impostor pair).</param>
/// <param name="Fold">The cross-validation fold, from 0.</param>
internal readonly record struct FacePair(int First, int Second, bool Same, int Fold);
