using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, MaxFeatureMapSpec>]
internal sealed class CpuMaxFeatureMap(CpuDevice device, MaxFeatureMapSpec spec) : MaxFeatureMap(device)
{
    public override void Forward(Tensor x, Tensor y) => NativeMethods.Check(
        NativeMethods.MaxFeatureMapForward(spec.Rows, spec.Half, x.Read(Device), y.Write(Device)));

    public override void Backward(Tensor x, Tensor dy, Tensor dx) => NativeMethods.Check(
        NativeMethods.MaxFeatureMapBackward(spec.Rows, spec.Half, x.Read(Device), dy.Read(Device), dx.Write(Device)));
}
