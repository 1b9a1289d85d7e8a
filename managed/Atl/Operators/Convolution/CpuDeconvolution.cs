using Atl.Devices.Cpu;

namespace Atl.Operators;

/// <summary>The passes of the convolution that it is the transpose of, with x and y changed about.</summary>
[OperatorFor<CpuDevice, DeconvolutionSpec>]
internal sealed class CpuDeconvolution(CpuDevice device, DeconvolutionSpec spec) : Deconvolution(device)
{
    private readonly NativeConvolution _native = new(device, spec.Geometry, bias: false, spec.Training);

    public override void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        _native.BackwardData(x, weights, y);
        if (bias is not null) NativeConvolution.AddBias(device, bias, spec.Geometry.ChannelAxis, y);
    }

    public override void BackwardData(Tensor dy, Tensor weights, Tensor dx) => _native.Forward(dy, weights, null, dx);

    public override void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (dWeights is not null) _native.BackwardWeights(dy, x, dWeights, null);
        if (dBias is not null) NativeConvolution.AddSums(device, dy, spec.Geometry.ChannelAxis, dBias);
    }

    protected override void Dispose(bool disposing) => _native.Dispose();
}
