using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/eltwise.cu, which combines two arrays at a time.</summary>
[OperatorFor<CudaDevice, EltwiseSpec>]
internal sealed class CudaEltwise(CudaDevice device, EltwiseSpec spec) : Eltwise(device, spec)
{

    private readonly CudaKernel _pair = new(device, KernelSignatures.EltwisePair),
        _scale = new(device, KernelSignatures.EltwiseScale),
        _quotient = new(device, KernelSignatures.EltwiseQuotient),
        _largest = new(device, KernelSignatures.EltwiseLargest),
        _select = new(device, KernelSignatures.EltwiseSelect);

    protected override void RunForward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x[0], [.. x, y]);
        nint[] from = [.. x.Select(input => input.Read(Device, layout))];
        nint to = y.WriteOver(x[0], Device, layout);
        bool sums = Spec.Operation == EltwiseOperation.Sum;
        Pair(Spec.Operation, sums ? coefficients[0] : 1, from[0], sums ? coefficients[1] : 1, from[1], to);
        for (int i = 2; i < from.Length; i++) Pair(Spec.Operation, sums ? coefficients[i] : 1, from[i], 1, to, to);
    }

    protected override void RunBackward(IReadOnlyList<Tensor> x, ReadOnlySpan<float> coefficients, Tensor y, Tensor dy,
        IReadOnlyList<Tensor?> dx)
    {
        bool readsOutput = Spec is { Operation: EltwiseOperation.Prod, StableGradient: false };
        Layout layout = Tensor.CommonLayout(dy, [.. Spec.GradientNeedsInputs ? x : [], .. dx, readsOutput ? y : null]);
        nint[] from = Spec.GradientNeedsInputs ? [.. x.Select(input => input.Read(Device, layout))] : [];
        nint py = readsOutput ? y.Read(Device, layout) : 0, pdy = dy.Read(Device, layout);
        using Workspace.Loan scratch = Device.Workspace.Borrow(Spec.Operation == EltwiseOperation.Max
            ? 2 * Spec.Count * sizeof(float) : 0);
        nint largest = scratch.Pointer, which = scratch.Pointer + (nint)(Spec.Count * sizeof(float));
        if (Spec.Operation == EltwiseOperation.Max)
            for (int i = 1; i < from.Length; i++)
                _largest.LaunchThreads(Spec.Count, Spec.Count, i, from[0], from[i], largest, which);
        // The first may be dy, so it is written last.
        for (int i = dx.Count - 1; i >= 0; i--)
        {
            if (dx[i] is not { } diff) continue;
            nint to = diff.WriteOver(dy, Device, layout);
            switch (Spec.Operation)
            {
                case EltwiseOperation.Sum:
                    if (to != pdy || coefficients[i] != 1)
                        _scale.LaunchMap(Spec.Count, Spec.Count, coefficients[i], pdy, to);
                    break;
                case EltwiseOperation.Max:
                    _select.LaunchMap(Spec.Count, Spec.Count, i, which, pdy, to);
                    break;
                case EltwiseOperation.Prod when readsOutput:
                    _quotient.LaunchMap(Spec.Count, Spec.Count, py, from[i], pdy, to);
                    break;
                default:
                    nint product = pdy;
                    for (int other = 0; other < from.Length; other++)
                    {
                        if (other == i) continue;
                        Pair(EltwiseOperation.Prod, 1, product, 1, from[other], to);
                        product = to;
                    }
                    break;
            }
        }
    }

    private void Pair(EltwiseOperation operation, float a, nint x, float b, nint z, nint y) =>
        _pair.LaunchMap(Spec.Count, (int)operation, Spec.Count, a, x, b, z, y);
}
