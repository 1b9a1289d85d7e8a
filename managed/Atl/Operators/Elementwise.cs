using Atl.Devices;

namespace Atl.Operators;

/// <summary>The functions of <see cref="Elementwise"/>; the values are those of <c>atl_elementwise</c> in atl/elementwise.h.</summary>
public enum ElementwiseFunction
{
    /// <summary>x &gt; 0 ? x : a·x.</summary>
    ReLU = 0,
}

/// <summary>A function of one element with up to three constants.</summary>
/// <param name="Function">Which function.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="A">The function's first constant.</param>
/// <param name="B">The function's second constant.</param>
/// <param name="C">The function's third constant.</param>
public sealed record ElementwiseSpec(ElementwiseFunction Function, long Count, float A = 0, float B = 0, float C = 0) : OperatorSpec<Elementwise>;

/// <summary>y = f(x) for each element, on whatever layout x lies in.</summary>
public abstract class Elementwise(Device device) : Operator(device)
{
    /// <summary>y = f(x); y may be x.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = dy·f′(x); dx may be dy. After an in-place forward x is y.</summary>
    public abstract void Backward(Tensor x, Tensor y, Tensor dy, Tensor dx);
}
