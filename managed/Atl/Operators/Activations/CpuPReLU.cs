using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

/// <summary>
/// In place, x ≤ 0 is found again from y as y / slope, so no copy of x is kept; only where a slope is so small (or
/// negative) that this would lose digits a copy is made.
/// </summary>
[OperatorFor<CpuDevice, PReLUSpec>]
internal sealed class CpuPReLU(CpuDevice device, PReLUSpec spec) : PReLU(device)
{
    private const float LeastInvertibleSlope = 1e-3f;

    private readonly KeptInput _kept = new();
    private bool _inverts;

    public override void Forward(Tensor x, Tensor slope, Tensor y, bool forBackward)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        bool overwrites = x.Memory == y.Memory;
        _inverts = overwrites && forBackward && AllAtLeast(slope.AsReadOnlySpan(), LeastInvertibleSlope);
        _kept.Keep(x, when: overwrites && forBackward && !_inverts, Device);
        nint px = x.Read(Device, layout);
        (long n, long c, long spatial) = View();
        NativeMethods.Check(NativeMethods.PReLUForward(
            n, c, spatial, spec.Shared ? Layout.Plain : layout, px, slope.Read(Device), overwrites
            ? y.ReadWrite(Device, layout) : y.Write(Device, layout)), this, x, slope, y);
    }

    public override void Backward(Tensor x, Tensor slope, Tensor dy, Tensor? dx, Tensor? dslope)
    {
        Tensor input = _kept.Or(x);
        Layout layout = Tensor.CommonLayout(dy, input, dx);
        nint px = input.Read(Device, layout), pdy = dy.Read(Device, layout);
        nint pdx = dx is null ? 0 : dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout);
        (long n, long c, long spatial) = View();
        NativeMethods.Check(NativeMethods.PReLUBackward(
            n, c, spatial, spec.Shared ? Layout.Plain : layout, _inverts ? 1 : 0, px, slope.Read(Device), pdy, pdx,
            dslope?.ReadWrite(Device) ?? 0), this, x, slope, dy, dx, dslope);
    }

    protected override void Dispose(bool disposing) => _kept.Dispose();

    // With one slope the channels do not matter, nor does their layout: the array is one row.
    private (long N, long C, long Spatial) View() =>
        spec.Shared ? (1, 1, spec.Shape.Count) : (spec.Shape[0], spec.Shape[1], spec.Shape.CountFrom(2));

    private static bool AllAtLeast(ReadOnlySpan<float> values, float least)
    {
        foreach (float value in values)
            if (!(value >= least))
                return false;
        return true;
    }
}
