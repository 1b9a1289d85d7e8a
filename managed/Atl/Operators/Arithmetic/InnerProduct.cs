using Atl.Devices;

namespace Atl.Operators;

/// <summary>A product of rows with a weight matrix.</summary>
/// <param name="Rows">M: the rows of x and y.</param>
/// <param name="Outputs">N: the columns of y.</param>
/// <param name="Inputs">K: the columns of x.</param>
/// <param name="Transpose">Whether the weights lie as K × N rather than N × K.</param>
public sealed record InnerProductSpec(int Rows, int Outputs, int Inputs, bool Transpose) : OperatorSpec<InnerProduct>;

/// <summary>y = x·Wᵀ + b for x of M × K, W of N × K and b of N; with Transpose y = x·W + b for W of K × N.</summary>
public abstract class InnerProduct(Device device, InnerProductSpec spec) : Operator(device)
{
    /// <summary>The shapes and parameters that it was made for.</summary>
    protected InnerProductSpec Spec { get; } = spec;

    private long Inputs => (long)Spec.Rows * Spec.Inputs;

    private long Outputs => (long)Spec.Rows * Spec.Outputs;

    private long Weights => (long)Spec.Outputs * Spec.Inputs;

    /// <summary>y from x; a bias of null adds none.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        CheckCount(x, Inputs, "x");
        CheckCount(weights, Weights, "W");
        CheckCount(bias, Spec.Outputs, "b");
        CheckCount(y, Outputs, "y");
        RunForward(x, weights, bias, y);
    }

    /// <summary>As <see cref="Forward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunForward(Tensor x, Tensor weights, Tensor? bias, Tensor y);

    /// <summary>dx = the gradient with respect to x.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void BackwardData(Tensor dy, Tensor weights, Tensor dx)
    {
        CheckCount(dy, Outputs, "dy");
        CheckCount(weights, Weights, "W");
        CheckCount(dx, Inputs, "dx");
        RunBackwardData(dy, weights, dx);
    }

    /// <summary>As <see cref="BackwardData"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackwardData(Tensor dy, Tensor weights, Tensor dx);

    /// <summary>dWeights += the gradient with respect to W, dBias += that with respect to b; what is null is not
    /// computed.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        CheckCount(x, Inputs, "x");
        CheckCount(dy, Outputs, "dy");
        CheckCount(dWeights, Weights, "dW");
        CheckCount(dBias, Spec.Outputs, "db");
        RunBackwardWeights(x, dy, dWeights, dBias);
    }

    /// <summary>As <see cref="BackwardWeights"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias);
}
