using Atl.Devices.Cpu;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ConvolutionSpec>]
internal sealed class CpuConvolution(CpuDevice device, ConvolutionSpec spec) : Convolution(device, spec)
{
    private readonly NativeConvolution _native = new(device, spec.Geometry, spec.Bias, spec.Training);

    protected override void RunForward(Tensor x, Tensor weights, Tensor? bias, Tensor y) =>
        _native.Forward(x, weights, bias, y);

    protected override void RunBackwardData(Tensor dy, Tensor weights, Tensor dx) =>
        _native.BackwardData(dy, weights, dx);

    protected override void RunBackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (dWeights is not null)
            _native.BackwardWeights(x, dy, dWeights, dBias);
        else if (dBias is not null)
            NativeConvolution.AddSums(device, dy, Spec.Geometry.ChannelAxis, dBias);
    }

    protected override void Dispose(bool disposing) => _native.Dispose();
}
