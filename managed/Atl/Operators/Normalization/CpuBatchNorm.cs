using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, BatchNormSpec>]
internal sealed class CpuBatchNorm : BatchNorm
{
    private readonly BatchNormSpec _spec;
    private readonly Tensor _mean;
    private readonly Tensor _variance;
    private readonly (long N, long C, long Spatial) _view;

    public CpuBatchNorm(CpuDevice device, BatchNormSpec spec)
        : base(device)
    {
        _spec = spec;
        _view = (spec.Shape[0], spec.Shape[1], spec.Shape.CountFrom(2));
        _mean = new Tensor(new Shape(spec.Shape[1]));
        _variance = new Tensor(_mean.Shape);
    }

    public override void Forward(Tensor x, Tensor y, Tensor mean, Tensor variance, Tensor weight)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        nint px = x.Read(Device, layout);
        (long n, long c, long spatial) = _view;
        if (_spec.Global)
        {
            float sum = weight.AsReadOnlySpan()[0], factor = sum == 0 ? 0 : 1 / sum;
            Combine(_mean.AsWriteOnlySpan(), 0, mean.AsReadOnlySpan(), factor);
            Combine(_variance.AsWriteOnlySpan(), 0, variance.AsReadOnlySpan(), factor);
        }
        else
        {
            NativeMethods.Check(NativeMethods.BatchNormStatistics(n, c, spatial, layout, px, _mean.Write(Device),
                _variance.Write(Device)), this, x, y, mean, variance, weight);
            Combine(mean.AsSpan(), _spec.Fraction, _mean.AsReadOnlySpan(), _spec.Share);
            Combine(variance.AsSpan(), _spec.Fraction, _variance.AsReadOnlySpan(), _spec.VarianceShare);
            Combine(weight.AsSpan(), _spec.Fraction, [1], _spec.Share);
        }
        NativeMethods.Check(NativeMethods.BatchNormForward(
            n, c, spatial, layout, _spec.Eps, px, _mean.Read(Device), _variance.Read(Device),
            x.Memory == y.Memory ? y.ReadWrite(Device, layout) : y.Write(Device, layout)), this, x, y, mean, variance,
            weight);
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, _spec.Global ? null : x, dx);
        nint pdy = dy.Read(Device, layout), px = _spec.Global ? 0 : x.Read(Device, layout);
        nint pdx = dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout);
        (long n, long c, long spatial) = _view;
        NativeMethods.Check(_spec.Global
            ? NativeMethods.BatchNormBackwardGlobal(n, c, spatial, layout, _spec.Eps, _variance.Read(Device), pdy, pdx)
            : NativeMethods.BatchNormBackward(n, c, spatial, layout, _spec.Eps, px, _mean.Read(Device),
                _variance.Read(Device), pdy, pdx), this, x, dy, dx);
    }

    protected override void Dispose(bool disposing)
    {
        _mean.Memory.Dispose();
        _variance.Memory.Dispose();
    }

    // to = fraction·to + factor·from; with fraction 0 what was in `to` does not matter.
    private static void Combine(Span<float> to, float fraction, ReadOnlySpan<float> from, float factor)
    {
        for (int i = 0; i < to.Length; i++) to[i] = (fraction == 0 ? 0 : fraction * to[i]) + factor * from[i];
    }
}
