using Atl.Devices.Cpu;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ConvolutionSpec>]
internal sealed class CpuConvolution(CpuDevice device, ConvolutionSpec spec) : Convolution(device)
{
    private readonly NativeConvolution _native = new(device, spec.Geometry, spec.Bias, spec.Training);

    public override void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y) =>
        _native.Forward(x, weights, bias, y);

    public override void BackwardData(Tensor dy, Tensor weights, Tensor dx) => _native.BackwardData(dy, weights, dx);

    public override void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (dWeights is not null)
            _native.BackwardWeights(x, dy, dWeights, dBias);
        else if (dBias is not null)
            NativeConvolution.AddSums(device, dy, spec.Geometry.ChannelAxis, dBias);
    }

    protected override void Dispose(bool disposing) => _native.Dispose();
}
