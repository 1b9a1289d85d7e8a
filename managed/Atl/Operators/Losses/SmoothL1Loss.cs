using Atl.Devices;

namespace Atl.Operators;

/// <summary>The smooth L1 loss of two tensors.</summary>
/// <param name="Count">The elements of each.</param>
/// <param name="Sigma">The loss is a parabola below 1/sigma².</param>
/// <param name="Divisor">What the sum is divided by.</param>
internal sealed record SmoothL1LossSpec(long Count, float Sigma, float Divisor) : OperatorSpec<SmoothL1Loss>;

/// <summary>L = Σ outside·f(inside·(a − b)) / divisor with f(d) = (sigma·d)²/2 where |d| &lt; 1/sigma², else |d| −
/// 1/(2·sigma²).</summary>
internal abstract class SmoothL1Loss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar; weights that are null are 1.</summary>
    public abstract void Forward(Tensor a, Tensor b, Tensor? inside, Tensor? outside, Tensor loss);

    /// <summary>da = weight·outside·inside·f′(inside·(a − b)) / divisor; db is da of −weight.</summary>
    public abstract void Backward(Tensor a, Tensor b, Tensor? inside, Tensor? outside, float weight, Tensor da);
}
