using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>Products of cuBLAS, and the bias by native/cuda/channel_sums.cu.</summary>
[OperatorFor<CudaDevice, InnerProductSpec>]
internal sealed class CudaInnerProduct(CudaDevice device, InnerProductSpec spec) : InnerProduct(device)
{
    private readonly CudaBias _bias = new(device, spec.Rows, spec.Outputs, 1);

    private bool IsEmpty => spec.Rows == 0 || spec.Outputs == 0 || spec.Inputs == 0;

    public override void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        nint px = x.Read(Device), w = weights.Read(Device), b = bias?.Read(Device) ?? 0, py = y.Write(Device);
        if (IsEmpty)
            Device.Zero(py, y.Count * sizeof(float));
        else
            device.Blas.Gemm(false, !spec.Transpose, spec.Rows, spec.Outputs, spec.Inputs, px, w, 0, py);
        if (b != 0) _bias.Add(b, py);
    }

    public override void BackwardData(Tensor dy, Tensor weights, Tensor dx)
    {
        nint pdy = dy.Read(Device), w = weights.Read(Device), pdx = dx.Write(Device);
        if (!IsEmpty) device.Blas.Gemm(false, spec.Transpose, spec.Rows, spec.Inputs, spec.Outputs, pdy, w, 0, pdx);
    }

    public override void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (IsEmpty) return;
        nint px = x.Read(Device), pdy = dy.Read(Device);
        if (dWeights is not null && spec.Transpose)
            device.Blas.Gemm(true, false, spec.Inputs, spec.Outputs, spec.Rows, px, pdy, 1, dWeights.ReadWrite(Device));
        else if (dWeights is not null)
            device.Blas.Gemm(true, false, spec.Outputs, spec.Inputs, spec.Rows, pdy, px, 1, dWeights.ReadWrite(Device));
        if (dBias is not null) _bias.AddSums(pdy, dBias.ReadWrite(Device));
    }
}
