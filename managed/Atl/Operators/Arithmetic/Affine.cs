using Atl.Devices;

namespace Atl.Operators;

/// <summary>A scale and a shift over axes [<paramref name="Axis"/>, <paramref name="End"/>) of a shape.</summary>
/// <param name="Shape">The shape of x and y.</param>
/// <param name="Axis">The first axis of the coefficients.</param>
/// <param name="End">One past their last axis; equal to <paramref name="Axis"/> for a single coefficient.</param>
internal sealed record AffineSpec(Shape Shape, int Axis, int End) : OperatorSpec<Affine>
{
    /// <summary>The extents before, in and after the axes of the coefficients.</summary>
    public (long Outer, long Coefficients, long Inner) View =>
        (Shape.CountOf(0, Axis), Shape.CountOf(Axis, End), Shape.CountFrom(End));

    /// <summary>Whether there is one coefficient for each channel of N × C × spatial, so that every layout will
    /// do.</summary>
    public bool IsByChannel => Axis == 1 && End == 2;
}

/// <summary>
/// y = scale_c·x + shift_c, where c runs over the elements of some neighboring axes. By channel (axis 1) on whatever
/// layout x lies in, else on the plain one.
/// </summary>
internal abstract class Affine(Device device) : Operator(device)
{
    /// <summary>y = scale·x + shift; either coefficient may be null (1, 0), not both. y may be x.</summary>
    public abstract void Forward(Tensor x, Tensor? scale, Tensor? shift, Tensor y);

    /// <summary>
    /// dx = scale·dy; dscale_c += Σ dy·x; dshift_c += Σ dy. Any of the three may be null. dx may be dy; x is read for
    /// dscale alone and may be null without it.
    /// </summary>
    public abstract void Backward(Tensor? x, Tensor? scale, Tensor dy, Tensor? dx, Tensor? dscale, Tensor? dshift);
}
