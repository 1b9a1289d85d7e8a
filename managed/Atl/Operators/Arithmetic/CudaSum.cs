using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>The sums of native/cuda/eltwise.cu, two terms at a time.</summary>
[OperatorFor<CudaDevice, SumSpec>]
internal sealed class CudaSum(CudaDevice device, SumSpec spec) : Sum(device)
{
    private readonly CudaKernel _pair = new(device, KernelSignatures.EltwisePair);

    public override void Forward(IReadOnlyList<Tensor> x, Tensor y)
    {
        if (x.Count == 0)
        {
            y.Zero(Device);
            return;
        }
        Layout layout = Tensor.CommonLayout(x[0], [.. x, y]);
        nint[] from = [.. x.Select(term => term.Read(Device, layout))];
        long bytes = spec.Count * sizeof(float);
        bool isTerm = x.Any(term => term.Memory == y.Memory);
        nint to = isTerm ? y.ReadWrite(Device, layout) : y.Write(Device, layout);
        if (from.Length == 1)
        {
            if (from[0] != to) Device.Copy(from[0], to, bytes);
            return;
        }
        // A term that comes later must not be overwritten before its turn.
        using Workspace.Loan scratch = Device.Workspace.Borrow(Array.LastIndexOf(from, to) > 1 ? bytes : 0);
        nint partial = Array.LastIndexOf(from, to) > 1 ? scratch.Pointer : to, sum = from[0];
        for (int i = 1; i < from.Length; i++)
        {
            nint next = i == from.Length - 1 ? to : partial;
            _pair.LaunchMap(spec.Count, (int)EltwiseOperation.Sum, spec.Count, 1f, sum, 1f, from[i], next);
            sum = next;
        }
    }
}
