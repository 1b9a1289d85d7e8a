using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>The kernels of native/cuda/margin_inner_product.cu around three products of cuBLAS; docs/kernels.md says
/// what each does.</summary>
[OperatorFor<CudaDevice, MarginInnerProductSpec>]
internal sealed class CudaMarginInnerProduct : MarginInnerProduct
{
    private const int Threads = KernelSignature.Threads, Warps = Threads / 32;

    // A block that looks for semi-hard samples.
    private static readonly int MiningThreads = KernelSignatures.MarginForwardSemihard.MaxThreads;

    private readonly CudaDevice _cuda;
    private readonly MarginInnerProductSpec _spec;
    private readonly KernelArgument _margin;
    private readonly CudaKernel _normalize, _forward, _backward, _replace;
    private readonly MemoryBlock _state;
    private float? _lambda;

    public CudaMarginInnerProduct(CudaDevice device, MarginInnerProductSpec spec)
        : base(device)
    {
        (_cuda, _spec) = (device, spec);
        _margin = KernelArgument.Of(spec.Describe());
        _normalize = new CudaKernel(device, KernelSignatures.MarginNormalizeRows);
        _forward = new CudaKernel(device, spec.Semihard ? KernelSignatures.MarginForwardSemihard
            : KernelSignatures.MarginForward);
        _backward = new CudaKernel(device, KernelSignatures.MarginBackward);
        _replace = new CudaKernel(device, KernelSignatures.MarginReplaceRows);
        _state = device.Allocate(3L * spec.Samples * sizeof(float));
    }

    private long M => _spec.Samples;

    private long N => _spec.Classes;

    private long K => _spec.Features;

    public override void Forward(Tensor x, Tensor label, Tensor weight, float lambda, Tensor y)
    {
        Check(x, label, weight);
        CheckCount(y, M * N, "the logits");
        CheckLabels(label);
        _lambda = lambda;
        if (M == 0) return;
        nint px = x.Read(Device), pLabel = label.Read(Device), pWeight = weight.ReadWrite(Device),
            pLogits = y.Write(Device);
        _normalize.Launch(N, Warps, Threads, N, K, pWeight);
        _cuda.Blas.Gemm(false, true, _spec.Samples, _spec.Classes, _spec.Features, px, pWeight, 0, pLogits);
        _forward.Launch(M, _spec.Semihard ? 1 : Warps, _spec.Semihard ? MiningThreads : Threads, _margin, lambda, px,
            pLabel, pLogits, _state.Pointer);
    }

    public override void Backward(Tensor x, Tensor label, Tensor weight, Tensor dy, Tensor? dx, Tensor? dWeight)
    {
        float lambda = _lambda
            ?? throw new InvalidOperationException("a margin inner product has no gradient before its first forward");
        Check(x, label, weight);
        CheckCount(dy, M * N, "the logits' gradient");
        CheckCount(dx, x.Count, "the samples' gradient");
        CheckCount(dWeight, weight.Count, "the weights' gradient");
        if (M == 0) return;
        nint px = x.Read(Device), g = dy.Read(Device);
        if (dWeight is not null) _cuda.Blas.Gemm(true, false, _spec.Classes, _spec.Features, _spec.Samples, g, px, 1,
            dWeight.ReadWrite(Device));
        if (dx is null) return;
        nint pLabel = label.Read(Device), pWeight = weight.Read(Device), pdx = dx.Write(Device);
        _cuda.Blas.Gemm(false, false, _spec.Samples, _spec.Features, _spec.Classes, g, pWeight, 0, pdx);
        _backward.Launch(M, 1, Threads, _margin, lambda, px, pLabel, pWeight, _state.Pointer, g, pdx);
    }

    public override void ReplaceRows(Tensor x, Tensor label, RandomStream draws, Tensor weight)
    {
        Check(x, label, weight);
        CheckLabels(label);
        if (M > 0)
            _replace.Launch(M, 1, Threads, _margin, x.Read(Device), label.Read(Device), draws.Key, draws.Position,
                weight.ReadWrite(Device));
        draws.Advance((ulong)M);
    }

    protected override void Dispose(bool disposing) => _state.Dispose();

    private void Check(Tensor x, Tensor label, Tensor weight)
    {
        CheckCount(x, M * K, "the samples");
        CheckCount(label, M, "the labels");
        CheckCount(weight, N * K, "the weights");
    }

    // Kernels leave a label that is no class alone; who trains must hear of it.
    private void CheckLabels(Tensor label)
    {
        ReadOnlySpan<float> values = label.AsReadOnlySpan();
        for (int i = 0; i < values.Length; i++)
            if (!(values[i] >= 0 && (double)values[i] < N) || values[i] != MathF.Floor(values[i]))
                throw new DeviceException(FormattableString.Invariant(
                    $"sample {i} has the label {values[i]}, expected an integer in [0, {N})"));
    }
}
