using Atl.Devices;

namespace Atl.Operators;

/// <summary>Max unpooling of N × C × height × width.</summary>
/// <param name="Input">The shape of x and of the mask.</param>
/// <param name="Output">The extent of y.</param>
internal sealed record UnpoolingSpec(Shape Input, Extent2D Output) : OperatorSpec<Unpooling>;

/// <summary>y holds each value of x at the place, row·width + column, that a mask names, and 0 elsewhere; on whatever
/// layout x lies in.</summary>
internal abstract class Unpooling(Device device) : Operator(device)
{
    /// <summary>Computes y; of values with one place the last stays, and the place −1 is none.</summary>
    /// <exception cref="DeviceException">The mask names a place outside y.</exception>
    public abstract void Forward(Tensor x, Tensor mask, Tensor y);

    /// <summary>dx = dy at the places of the mask.</summary>
    public abstract void Backward(Tensor dy, Tensor mask, Tensor dx);
}
