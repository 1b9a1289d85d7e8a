using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, RearrangeSpec>]
internal sealed class CpuRearrange : Rearrange
{
    private readonly long _count;
    private readonly Walk _forward, _backward;

    public CpuRearrange(CpuDevice device, RearrangeSpec spec)
        : base(device)
    {
        int axes = spec.Input.NumAxes;
        int[] back = new int[axes];
        for (int i = 0; i < axes; i++) back[spec.Order[i]] = i;
        bool[] backwards = [.. spec.Backwards.Dims.ToArray().Select(flag => flag != 0)];
        _count = spec.Input.Count;
        _forward = Walk.Of(spec.Input, spec.Order.Dims.ToArray(), backwards);
        _backward = Walk.Of(spec.Output, back, [.. spec.Order.Dims.ToArray().Select(axis => backwards[axis])]);
    }

    public override void Forward(Tensor x, Tensor y) => Copy(_forward, x, y);

    public override void Backward(Tensor dy, Tensor dx) => Copy(_backward, dy, dx);

    private void Copy(Walk walk, Tensor from, Tensor to) => NativeMethods.Check(NativeMethods.Rearrange(
        walk.Extents.Length, walk.Extents, walk.Strides, walk.Offset, _count, from.Read(Device), to.Write(Device)),
        this, from, to);

    private sealed record Walk(long[] Extents, long[] Strides, long Offset)
    {
        // The source's axes in an order; `backwards` says it of each source axis.
        public static Walk Of(Shape source, int[] order, bool[] backwards)
        {
            long[] extents = new long[order.Length], strides = new long[order.Length];
            long offset = 0;
            for (int i = 0; i < order.Length; i++)
            {
                extents[i] = source[order[i]];
                strides[i] = source.CountFrom(order[i] + 1);
                if (!backwards[order[i]]) continue;
                offset += (extents[i] - 1) * strides[i];
                strides[i] = -strides[i];
            }
            return new Walk(extents, strides, offset);
        }
    }
}
