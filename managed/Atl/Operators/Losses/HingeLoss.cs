using Atl.Devices;

namespace Atl.Operators;

/// <summary>The hinge loss of one class against the others.</summary>
/// <param name="Rows">The samples.</param>
/// <param name="Classes">The scores of a sample.</param>
/// <param name="Squared">Whether the hinge is squared (L2).</param>
internal sealed record HingeLossSpec(int Rows, long Classes, bool Squared) : OperatorSpec<HingeLoss>;

/// <summary>
/// L = Σ max(0, 1 − s·x)ᵖ / rows, with s = 1 for the label's class and −1 for the others, p = 2 when squared, else 1.
/// The labels have been checked.
/// </summary>
internal abstract class HingeLoss(Device device) : LabelledLoss(device);
