using Atl.Devices;

namespace Atl.Operators;

/// <summary>A box cut out of an array.</summary>
/// <param name="Input">The shape of x.</param>
/// <param name="Output">The shape of y.</param>
/// <param name="Offsets">Where the box begins on each axis of x; it ends within x.</param>
internal sealed record CropSpec(Shape Input, Shape Output, Shape Offsets) : OperatorSpec<Crop>;

/// <summary>y = the box of x; plain order.</summary>
internal abstract class Crop(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = dy in the box, 0 around it.</summary>
    public abstract void Backward(Tensor dy, Tensor dx);
}
