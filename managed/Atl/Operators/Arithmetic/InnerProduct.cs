using Atl.Devices;

namespace Atl.Operators;

/// <summary>A product of rows with a weight matrix.</summary>
/// <param name="Rows">M: the rows of x and y.</param>
/// <param name="Outputs">N: the columns of y.</param>
/// <param name="Inputs">K: the columns of x.</param>
/// <param name="Transpose">Whether the weights lie as K × N rather than N × K.</param>
public sealed record InnerProductSpec(int Rows, int Outputs, int Inputs, bool Transpose) : OperatorSpec<InnerProduct>;

/// <summary>y = x·Wᵀ + b for x of M × K, W of N × K and b of N; with Transpose y = x·W + b for W of K × N.</summary>
public abstract class InnerProduct(Device device) : Operator(device)
{
    /// <summary>y from x; a bias of null adds none.</summary>
    public abstract void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y);

    /// <summary>dx = the gradient with respect to x.</summary>
    public abstract void BackwardData(Tensor dy, Tensor weights, Tensor dx);

    /// <summary>dWeights += the gradient with respect to W, dBias += that with respect to b; what is null is not
    /// computed.</summary>
    public abstract void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias);
}
