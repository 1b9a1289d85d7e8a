using Atl.Devices.Cpu;
using Atl.Operators;

namespace Atl.SampleLayers;

/// <summary>The softsign on the host.</summary>
[OperatorFor<CpuDevice, SoftSignSpec>]
internal sealed class CpuSoftSign(CpuDevice device, SoftSignSpec spec) : SoftSign(device)
{
    public override void Forward(Tensor x, Tensor y)
    {
        using ReadOnlyElementLoan from = x.Borrow();
        using ElementLoan to = y.BorrowToWrite();
        for (int i = 0; i < spec.Count; i++) to.Span[i] = from.Span[i] / (1 + MathF.Abs(from.Span[i]));
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        using ReadOnlyElementLoan values = x.Borrow(), gradient = dy.Borrow();
        using ElementLoan to = dx.BorrowToWrite();
        for (int i = 0; i < spec.Count; i++)
        {
            float divisor = 1 + MathF.Abs(values.Span[i]);
            to.Span[i] = gradient.Span[i] / (divisor * divisor);
        }
    }
}
