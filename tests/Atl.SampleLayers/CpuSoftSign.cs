using Atl.Devices.Cpu;
using Atl.Operators;

namespace Atl.SampleLayers;

/// <summary>The softsign on the host.</summary>
[OperatorFor<CpuDevice, SoftSignSpec>]
internal sealed class CpuSoftSign(CpuDevice device, SoftSignSpec spec) : SoftSign(device)
{
    public override void Forward(Tensor x, Tensor y)
    {
        ReadOnlySpan<float> from = x.AsReadOnlySpan();
        Span<float> to = y.AsWriteOnlySpan();
        for (int i = 0; i < spec.Count; i++) to[i] = from[i] / (1 + MathF.Abs(from[i]));
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        ReadOnlySpan<float> values = x.AsReadOnlySpan(), gradient = dy.AsReadOnlySpan();
        Span<float> to = dx.AsWriteOnlySpan();
        for (int i = 0; i < spec.Count; i++)
        {
            float divisor = 1 + MathF.Abs(values[i]);
            to[i] = gradient[i] / (divisor * divisor);
        }
    }
}
