using Atl.Devices;

namespace Atl.Operators;

/// <summary>
/// The operation of <see cref="Eltwise"/>; the values are those of <c>atl_eltwise</c> in atl/eltwise.h and of the
/// prototxt.
/// </summary>
public enum EltwiseOperation
{
    /// <summary>The product.</summary>
    Prod = 0,

    /// <summary>The sum of coefficient times input.</summary>
    Sum = 1,

    /// <summary>The largest; of the first two a tie goes to the second, a later one must be strictly larger.</summary>
    Max = 2,
}

/// <summary>Several tensors of one shape combined element by element.</summary>
/// <param name="Operation">How.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Inputs">The number of tensors; at least 2.</param>
/// <param name="StableGradient">Whether the gradient of a product multiplies the other inputs rather than divides the
/// product.</param>
public sealed record EltwiseSpec(EltwiseOperation Operation, long Count, int Inputs, bool StableGradient = true)
    : OperatorSpec<Eltwise>
{
    /// <summary>Whether the gradient needs the inputs, so that none of them may be overwritten.</summary>
    public bool GradientNeedsInputs => Operation != EltwiseOperation.Sum;
}

/// <summary>y = x₀ ∘ x₁ ∘ … element by element, on whatever layout x₀ lies in.</summary>
public abstract class Eltwise(Device device, EltwiseSpec spec) : Operator(device)
{
    /// <summary>The shapes and parameters that it was made for.</summary>
    protected EltwiseSpec Spec { get; } = spec;

    /// <summary>y from the inputs; y may be the first. The coefficients, one for each input, belong to the
    /// sum.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Forward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y)
    {
        CheckInputs(x, coefficients, "x");
        CheckCount(y, Spec.Count, "y");
        RunForward(x, coefficients, y);
    }

    /// <summary>As <see cref="Forward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunForward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y);

    /// <summary>The diffs of the inputs; null where none is wanted. The first may be dy.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Backward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y, Tensor dy,
        IReadOnlyList<Tensor?> dx)
    {
        CheckInputs(x, coefficients, "x");
        CheckInputs(dx, coefficients, "dx");
        CheckCount(y, Spec.Count, "y");
        CheckCount(dy, Spec.Count, "dy");
        RunBackward(x, coefficients, y, dy, dx);
    }

    /// <summary>As <see cref="Backward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y, Tensor dy,
        IReadOnlyList<Tensor?> dx);

    private void CheckInputs(IReadOnlyList<Tensor?> tensors, ReadOnlySpan<float> coefficients, string name)
    {
        if (tensors.Count != Spec.Inputs)
            throw new ArgumentException($"{name}: {tensors.Count} tensors, the operator was made for {Spec.Inputs}");
        if (Spec.Operation == EltwiseOperation.Sum && coefficients.Length != Spec.Inputs)
            throw new ArgumentException($"{coefficients.Length} coefficients for {Spec.Inputs} tensors");
        foreach (Tensor? tensor in tensors) CheckCount(tensor, Spec.Count, name);
    }
}
