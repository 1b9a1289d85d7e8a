using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, EltwiseSpec>]
internal sealed class CpuEltwise(CpuDevice device, EltwiseSpec spec) : Eltwise(device, spec)
{
    protected override void RunForward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x[0], [.. x, y]);
        nint[] inputs = new nint[Spec.Inputs];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = x[i].Read(Device, layout);
        NativeMethods.Check(NativeMethods.EltwiseForward(
            Spec.Operation, Spec.Count, Spec.Inputs, inputs, coefficients,
            x[0].Memory == y.Memory ? y.ReadWrite(Device, layout) : y.Write(Device, layout)), this, x, y);
    }

    protected override void RunBackward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y, Tensor dy,
        IReadOnlyList<Tensor?> dx)
    {
        bool readsOutput = Spec is { Operation: EltwiseOperation.Prod, StableGradient: false };
        Layout layout = Tensor.CommonLayout(dy, [.. Spec.GradientNeedsInputs ? x : [], .. dx, readsOutput ? y : null]);
        nint[] inputs = new nint[Spec.Inputs], diffs = new nint[Spec.Inputs];
        if (Spec.GradientNeedsInputs)
            for (int i = 0; i < inputs.Length; i++) inputs[i] = x[i].Read(Device, layout);
        nint py = readsOutput ? y.Read(Device, layout) : 0, pdy = dy.Read(Device, layout);
        for (int i = 0; i < diffs.Length; i++)
        {
            if (dx[i] is { } diff) diffs[i] = diff.Memory == dy.Memory ? diff.ReadWrite(Device, layout)
                : diff.Write(Device, layout);
        }
        NativeMethods.Check(NativeMethods.EltwiseBackward(
            Spec.Operation, Spec.Count, Spec.Inputs, inputs, coefficients, Spec.StableGradient
            ? 1 : 0, py, pdy, diffs), this, x, y, dy, dx);
    }
}
