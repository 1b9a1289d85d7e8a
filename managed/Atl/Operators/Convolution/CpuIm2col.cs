using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, Im2colSpec>]
internal sealed class CpuIm2col(CpuDevice device, Im2colSpec spec) : Im2col(device)
{
    public override void Forward(Tensor x, Tensor y) =>
        Run((in NativeConvolutionShape shape) => NativeMethods.Im2col(shape, x.Read(Device), y.Write(Device)));

    public override void Backward(Tensor dy, Tensor dx) =>
        Run((in NativeConvolutionShape shape) => NativeMethods.Col2im(shape, dy.Read(Device), dx.Write(Device)));

    private void Run(NativeGeometry.Use use) =>
        NativeMethods.Check(NativeGeometry.Describe(spec.Geometry, bias: false, training: false,
            ConvolutionAlgorithm.Auto, use));
}
