using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>The passes of the convolution that it is the transpose of, with x and y changed about.</summary>
[OperatorFor<CudaDevice, DeconvolutionSpec>]
internal sealed class CudaDeconvolution(CudaDevice device, DeconvolutionSpec spec) : Deconvolution(device)
{
    private readonly CudaConvolution _convolution = new(device, Transposed(spec));
    private readonly CudaBias _bias = new(device, spec.Geometry.Images, spec.Geometry.InputChannels,
        spec.Geometry.Input.Count);

    /// <summary>Whether the convolution is one that the device has.</summary>
    public static bool Serves(DeconvolutionSpec spec) => CudaConvolution.Serves(Transposed(spec));

    public override void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        _convolution.BackwardData(x, weights, y);
        if (bias is not null) _bias.Add(bias.Read(Device), y.ReadWrite(Device));
    }

    public override void BackwardData(Tensor dy, Tensor weights, Tensor dx) =>
        _convolution.Forward(dy, weights, null, dx);

    public override void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (dWeights is not null) _convolution.BackwardWeights(dy, x, dWeights, null);
        if (dBias is not null) _bias.AddSums(dy.Read(Device), dBias.ReadWrite(Device));
    }

    protected override void Dispose(bool disposing) => _convolution.Dispose();

    private static ConvolutionSpec Transposed(DeconvolutionSpec spec) => new(spec.Geometry, Bias: false, spec.Training);
}
