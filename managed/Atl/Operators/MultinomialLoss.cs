using Atl.Devices;

namespace Atl.Operators;

/// <summary>The logarithmic loss of given probabilities.</summary>
/// <param name="Rows">The samples.</param>
/// <param name="Classes">The probabilities of a sample.</param>
public sealed record MultinomialLossSpec(int Rows, long Classes) : OperatorSpec<MultinomialLoss>;

/// <summary>L = −Σ ln max(p, 1e-20) / rows, where p is the probability of the row's label. The labels have been checked.</summary>
public abstract class MultinomialLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor probabilities, Tensor labels, Tensor loss);

    /// <summary>dProbabilities = −weight / (rows·max(p, 1e-20)) at the labels, 0 elsewhere.</summary>
    public abstract void Backward(Tensor probabilities, Tensor labels, float weight, Tensor dProbabilities);
}
