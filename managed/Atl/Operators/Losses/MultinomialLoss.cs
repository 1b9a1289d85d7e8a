using Atl.Devices;

namespace Atl.Operators;

/// <summary>The logarithmic loss of given probabilities.</summary>
/// <param name="Rows">The samples.</param>
/// <param name="Classes">The probabilities of a sample.</param>
internal sealed record MultinomialLossSpec(int Rows, long Classes) : OperatorSpec<MultinomialLoss>;

/// <summary>L = −Σ ln max(p, 1e-20) / rows, where p is the probability of the row's label. The labels have been
/// checked.</summary>
internal abstract class MultinomialLoss(Device device) : LabelledLoss(device);
