using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, EltwiseSpec>]
internal sealed class CpuEltwise(CpuDevice device, EltwiseSpec spec) : Eltwise(device)
{
    public override void Forward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x[0], [.. x, y]);
        nint[] inputs = new nint[spec.Inputs];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = x[i].Read(Device, layout);
        NativeMethods.Check(NativeMethods.EltwiseForward(
            spec.Operation, spec.Count, spec.Inputs, inputs, coefficients,
            x[0].Memory == y.Memory ? y.ReadWrite(Device, layout) : y.Write(Device, layout)), this, x, y);
    }

    public override void Backward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y, Tensor dy,
        IReadOnlyList<Tensor?> dx)
    {
        bool readsOutput = spec is { Operation: EltwiseOperation.Prod, StableGradient: false };
        Layout layout = Tensor.CommonLayout(dy, [.. spec.GradientNeedsInputs ? x : [], .. dx, readsOutput ? y : null]);
        nint[] inputs = new nint[spec.Inputs], diffs = new nint[spec.Inputs];
        if (spec.GradientNeedsInputs)
            for (int i = 0; i < inputs.Length; i++) inputs[i] = x[i].Read(Device, layout);
        nint py = readsOutput ? y.Read(Device, layout) : 0, pdy = dy.Read(Device, layout);
        for (int i = 0; i < diffs.Length; i++)
        {
            if (dx[i] is { } diff) diffs[i] = diff.Memory == dy.Memory ? diff.ReadWrite(Device, layout)
                : diff.Write(Device, layout);
        }
        NativeMethods.Check(NativeMethods.EltwiseBackward(
            spec.Operation, spec.Count, spec.Inputs, inputs, coefficients, spec.StableGradient
            ? 1 : 0, py, pdy, diffs), this, x, y, dy, dx);
    }
}
