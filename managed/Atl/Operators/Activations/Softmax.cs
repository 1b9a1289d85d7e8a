using Atl.Devices;

namespace Atl.Operators;

/// <summary>A softmax along one axis.</summary>
/// <param name="Shape">The shape of x and y.</param>
/// <param name="Axis">The axis, 0 or more.</param>
public sealed record SoftmaxSpec(Shape Shape, int Axis) : OperatorSpec<Softmax>;

/// <summary>y = exp(x − max x) / Σ exp(x − max x) along one axis.</summary>
public abstract class Softmax(Device device) : Operator(device)
{
    /// <summary>Computes y; y may be x.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = y·(dy − Σ y·dy); dx may be dy.</summary>
    public abstract void Backward(Tensor y, Tensor dy, Tensor dx);
}
