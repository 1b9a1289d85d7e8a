using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>Products of cuBLAS, and the bias by native/cuda/channel_sums.cu.</summary>
[OperatorFor<CudaDevice, InnerProductSpec>]
internal sealed class CudaInnerProduct(CudaDevice device, InnerProductSpec spec) : InnerProduct(device, spec)
{
    private readonly CudaBias _bias = new(device, spec.Rows, spec.Outputs, 1);

    private bool IsEmpty => Spec.Rows == 0 || Spec.Outputs == 0 || Spec.Inputs == 0;

    protected override void RunForward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        nint px = x.Read(Device), w = weights.Read(Device), b = bias?.Read(Device) ?? 0, py = y.Write(Device);
        if (IsEmpty)
            Device.Zero(py, y.Count * sizeof(float));
        else
            device.Blas.Gemm(false, !Spec.Transpose, Spec.Rows, Spec.Outputs, Spec.Inputs, px, w, 0, py);
        if (b != 0) _bias.Add(b, py);
    }

    protected override void RunBackwardData(Tensor dy, Tensor weights, Tensor dx)
    {
        nint pdy = dy.Read(Device), w = weights.Read(Device), pdx = dx.Write(Device);
        if (!IsEmpty) device.Blas.Gemm(false, Spec.Transpose, Spec.Rows, Spec.Inputs, Spec.Outputs, pdy, w, 0, pdx);
    }

    protected override void RunBackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (IsEmpty) return;
        nint px = x.Read(Device), pdy = dy.Read(Device);
        if (dWeights is not null && Spec.Transpose)
            device.Blas.Gemm(true, false, Spec.Inputs, Spec.Outputs, Spec.Rows, px, pdy, 1, dWeights.ReadWrite(Device));
        else if (dWeights is not null)
            device.Blas.Gemm(true, false, Spec.Outputs, Spec.Inputs, Spec.Rows, pdy, px, 1, dWeights.ReadWrite(Device));
        if (dBias is not null) _bias.AddSums(pdy, dBias.ReadWrite(Device));
    }
}
