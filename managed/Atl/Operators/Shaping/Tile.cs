using Atl.Devices;

namespace Atl.Operators;

/// <summary>Copies of rows.</summary>
/// <param name="Outer">The number of rows.</param>
/// <param name="Size">The elements of a row.</param>
/// <param name="Tiles">How often each row comes, one copy after another.</param>
internal sealed record TileSpec(long Outer, long Size, int Tiles) : OperatorSpec<Tile>;

/// <summary>y holds each row of x several times.</summary>
internal abstract class Tile(Device device) : Operator(device)
{
    /// <summary>Computes y.</summary>
    public abstract void Forward(Tensor x, Tensor y);

    /// <summary>dx = the sum over the copies of dy.</summary>
    public abstract void Backward(Tensor dy, Tensor dx);
}
