using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, UnitRowsSpec>]
internal sealed class CpuUnitRows(CpuDevice device, UnitRowsSpec spec) : UnitRows(device)
{
    public override void Normalize(Tensor rows) =>
        NativeMethods.Check(NativeMethods.UnitRows(spec.Rows, spec.Columns, rows.ReadWrite(Device)), this, rows);
}
