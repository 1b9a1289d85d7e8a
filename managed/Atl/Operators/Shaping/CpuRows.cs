using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, RowsSpec>]
internal sealed class CpuRows(CpuDevice device, RowsSpec spec) : Rows(device)
{
    public override void Gather(Tensor table, ReadOnlySpan<int> numbers, Tensor? bias, Tensor y) => NativeMethods.Check(
        NativeMethods.RowsGather(numbers.Length, spec.Size, spec.Rows, numbers, table.Read(Device), bias?.Read(Device)
            ?? 0, y.Write(Device)), this, table, bias, y);

    public override void Scatter(Tensor dy, ReadOnlySpan<int> numbers, Tensor dTable) =>
        NativeMethods.Check(NativeMethods.RowsScatter(numbers.Length, spec.Size, spec.Rows, numbers, dy.Read(Device),
            dTable.ReadWrite(Device)), this, dy, dTable);

    // Rows of Size numbers are the pixels of one channels-last image.
    public override void SumRows(Tensor dy, long count, Tensor dBias) =>
        NativeMethods.Check(NativeMethods.ChannelSum(1, spec.Size, count, Layout.ChannelsLast, dy.Read(Device),
            dBias.ReadWrite(Device)), this, dy, dBias);
}
