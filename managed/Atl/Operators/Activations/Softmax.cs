using Atl.Devices;

namespace Atl.Operators;

/// <summary>A softmax along one axis.</summary>
/// <param name="Shape">The shape of x and y.</param>
/// <param name="Axis">The axis, 0 or more.</param>
public sealed record SoftmaxSpec(Shape Shape, int Axis) : OperatorSpec<Softmax>;

/// <summary>y = exp(x − max x) / Σ exp(x − max x) along one axis.</summary>
public abstract class Softmax(Device device, SoftmaxSpec spec) : Operator(device)
{
    /// <summary>The shapes and parameters that it was made for.</summary>
    protected SoftmaxSpec Spec { get; } = spec;

    /// <summary>Computes y; y may be x.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Forward(Tensor x, Tensor y)
    {
        CheckCount(x, Spec.Shape.Count, "x");
        CheckCount(y, Spec.Shape.Count, "y");
        RunForward(x, y);
    }

    /// <summary>As <see cref="Forward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunForward(Tensor x, Tensor y);

    /// <summary>dx = y·(dy − Σ y·dy); dx may be dy.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Backward(Tensor y, Tensor dy, Tensor dx)
    {
        CheckCount(y, Spec.Shape.Count, "y");
        CheckCount(dy, Spec.Shape.Count, "dy");
        CheckCount(dx, Spec.Shape.Count, "dx");
        RunBackward(y, dy, dx);
    }

    /// <summary>As <see cref="Backward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackward(Tensor y, Tensor dy, Tensor dx);
}
