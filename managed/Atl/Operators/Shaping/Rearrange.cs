using Atl.Devices;

namespace Atl.Operators;

/// <summary>A copy of an array with its axes in another order.</summary>
/// <param name="Input">The shape of x.</param>
/// <param name="Order">The axis of x that is each axis of y.</param>
/// <param name="Backwards">1 for each axis of x that is walked backwards, else 0.</param>
internal sealed record RearrangeSpec(Shape Input, Shape Order, Shape Backwards) : OperatorSpec<Rearrange>
{
    /// <summary>The axes in another order, all walked forwards.</summary>
    public RearrangeSpec(Shape input, Shape order)
        : this(input, order, new Shape(new int[input.NumAxes]))
    {
    }

    /// <summary>The shape of y.</summary>
    public Shape Output => new([.. Order.Dims.ToArray().Select(axis => Input[axis])]);
}

/// <summary>y is x with its axes in another order, some of them walked backwards; plain order.</summary>
internal abstract class Rearrange(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>Computes dx from dy, the same walk back.</summary>
    public abstract void Backward(Tensor dy, Tensor dx);
}
