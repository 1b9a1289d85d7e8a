using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, LstmUnitSpec>]
internal sealed class CpuLstmUnit(CpuDevice device, LstmUnitSpec spec) : LstmUnit(device)
{
    private readonly Tensor _gates = new(new Shape(spec.Streams, checked(4 * spec.Width)));

    public override void Forward(Tensor cBefore, Tensor cont, Tensor sums, Tensor c, Tensor h)
    {
        _gates.CopyFrom(sums, Device);
        NativeMethods.Check(NativeMethods.LstmUnitForward(
            spec.Streams, spec.Width, cBefore.Read(Device), cont.Read(Device), _gates.ReadWrite(Device),
            c.Write(Device), h.Write(Device)), this, cBefore, cont, sums, c, h);
    }

    public override void Backward(Tensor cBefore, Tensor cont, Tensor c, Tensor dc, Tensor dh, Tensor dcBefore,
        Tensor dSums)
    {
        dSums.CopyFrom(_gates, Device);
        NativeMethods.Check(NativeMethods.LstmUnitBackward(
            spec.Streams, spec.Width, cBefore.Read(Device), cont.Read(Device), c.Read(Device), dc.Read(Device),
            dh.Read(Device), dSums.ReadWrite(Device),
            dcBefore.Write(Device)), this, cBefore, cont, c, dc, dh, dcBefore, dSums);
    }

    protected override void Dispose(bool disposing) => _gates.Dispose();
}
