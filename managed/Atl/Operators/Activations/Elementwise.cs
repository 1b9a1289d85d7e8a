using Atl.Devices;

namespace Atl.Operators;

/// <summary>The functions of <see cref="Elementwise"/>; the values are those of <c>atl_elementwise</c> in
/// atl/elementwise.h.</summary>
public enum ElementwiseFunction
{
    /// <summary>x &gt; 0 ? x : a·x.</summary>
    ReLU = 0,

    /// <summary>min(max(x, 0), 6).</summary>
    ReLU6 = 1,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid = 2,

    /// <summary>tanh x.</summary>
    TanH = 3,

    /// <summary>x &gt; 0 ? x : a·(e^x − 1).</summary>
    Elu = 4,

    /// <summary>b·e^(a·x).</summary>
    Exp = 5,

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    Abs = 6,

    /// <summary>ln(1 + e^x).</summary>
    Bnll = 7,

    /// <summary>min(max(x, a), b); the derivative is 1 where a ≤ x ≤ b.</summary>
    Clip = 8,

    /// <summary>a·ln(b·x + c).</summary>
    Log = 9,

    /// <summary>(b·x + c)^a.</summary>
    Power = 10,

    /// <summary>x / (1 + e^(−a·x)).</summary>
    Swish = 11,

    /// <summary>x &gt; a ? 1 : 0; without derivative.</summary>
    Threshold = 12,
}

/// <summary>The source from which a derivative is computed.</summary>
internal enum ElementwiseSource
{
    /// <summary>It is constant.</summary>
    Nothing,

    /// <summary>The input.</summary>
    Input,

    /// <summary>The output.</summary>
    Output,

    /// <summary>The output, or as well the input in its place: the same formula holds for both.</summary>
    Either,
}

/// <summary>A function of one element with up to three constants.</summary>
/// <param name="Function">Which function.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="A">The function's first constant.</param>
/// <param name="B">The function's second constant.</param>
/// <param name="C">The function's third constant.</param>
public sealed record ElementwiseSpec(ElementwiseFunction Function, long Count, float A = 0, float B = 0, float C = 0)
    : OperatorSpec<Elementwise>
{
    /// <summary>Whether the derivative is computed from x, so that x must outlive an in-place forward; otherwise y
    /// alone suffices.</summary>
    public bool GradientNeedsInput => GradientReads == ElementwiseSource.Input;

    /// <summary>The source from which the derivative is computed.</summary>
    internal ElementwiseSource GradientReads => Function switch
    {
        ElementwiseFunction.ReLU => A < 0 ? ElementwiseSource.Input : ElementwiseSource.Either,
        ElementwiseFunction.ReLU6 => ElementwiseSource.Either,
        ElementwiseFunction.Elu => A < 0 ? ElementwiseSource.Input : ElementwiseSource.Output,
        ElementwiseFunction.Power => A * B == 0 || A == 1 ? ElementwiseSource.Nothing : ElementwiseSource.Input,
        ElementwiseFunction.Sigmoid or ElementwiseFunction.TanH or ElementwiseFunction.Exp => ElementwiseSource.Output,
        ElementwiseFunction.Threshold => ElementwiseSource.Nothing,
        _ => ElementwiseSource.Input,
    };
}

/// <summary>y = f(x) for each element, on whatever layout x lies in.</summary>
public abstract class Elementwise(Device device, ElementwiseSpec spec) : Operator(device)
{
    /// <summary>The shapes and parameters that it was made for.</summary>
    protected ElementwiseSpec Spec { get; } = spec;

    /// <summary>y = f(x); y may be x.</summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Forward(Tensor x, Tensor y)
    {
        CheckCount(x, Spec.Count, "x");
        CheckCount(y, Spec.Count, "y");
        RunForward(x, y);
    }

    /// <summary>As <see cref="Forward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunForward(Tensor x, Tensor y);

    /// <summary>
    /// dx = dy·f′(x); dx may be dy. Reads x where <see cref="ElementwiseSpec.GradientNeedsInput"/>, else y, which may
    /// be x where
    /// <see cref="ElementwiseSource.Either"/> will do.
    /// </summary>
    /// <exception cref="ShapeException">A tensor has another number of elements than the specification
    /// says.</exception>
    public void Backward(Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        CheckCount(Spec.GradientNeedsInput ? x : y, Spec.Count, Spec.GradientNeedsInput ? "x" : "y");
        CheckCount(dy, Spec.Count, "dy");
        CheckCount(dx, Spec.Count, "dx");
        RunBackward(x, y, dy, dx);
    }

    /// <summary>As <see cref="Backward"/>, with tensors of the right sizes.</summary>
    protected abstract void RunBackward(Tensor x, Tensor y, Tensor dy, Tensor dx);
}
