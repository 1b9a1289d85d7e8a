using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, TileSpec>]
internal sealed class CpuTile(CpuDevice device, TileSpec spec) : Tile(device)
{
    public override void Forward(Tensor x, Tensor y) =>
        NativeMethods.Check(NativeMethods.TileForward(spec.Outer, spec.Size, spec.Tiles, x.Read(Device),
            y.Write(Device)), this, x, y);

    public override void Backward(Tensor dy, Tensor dx) =>
        NativeMethods.Check(NativeMethods.TileBackward(spec.Outer, spec.Size, spec.Tiles, dy.Read(Device),
            dx.Write(Device)), this, dy, dx);
}
