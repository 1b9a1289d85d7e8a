using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ConcatSpec>]
internal sealed class CpuConcat(CpuDevice device, ConcatSpec spec) : Concat(device)
{
    public override void Join(IReadOnlyList<Tensor?> pieces, Tensor whole)
    {
        Layout layout = pieces.FirstOrDefault(piece => piece is not null)?.Layout ?? Layout.Plain;
        if (!whole.Accepts(layout) || !AllAccept(pieces, layout)) layout = Layout.Plain;
        (long outer, long[] sizes) = View(layout);
        nint[] addresses = new nint[pieces.Count];
        for (int i = 0; i < addresses.Length; i++) addresses[i] = pieces[i]?.Read(Device, layout) ?? 0;
        NativeMethods.Check(NativeMethods.Concat(outer, addresses.Length, sizes, addresses,
            whole.Write(Device, layout)), this, pieces, whole);
    }

    public override void Cut(Tensor whole, IReadOnlyList<Tensor?> pieces)
    {
        Layout layout = AllAccept(pieces, whole.Layout) ? whole.Layout : Layout.Plain;
        (long outer, long[] sizes) = View(layout);
        nint from = whole.Read(Device, layout);
        nint[] addresses = new nint[pieces.Count];
        for (int i = 0; i < addresses.Length; i++) addresses[i] = pieces[i]?.Write(Device, layout) ?? 0;
        NativeMethods.Check(NativeMethods.Slice(outer, addresses.Length, sizes, from, addresses), this, whole, pieces);
    }

    private static bool AllAccept(IReadOnlyList<Tensor?> pieces, Layout layout)
    {
        foreach (Tensor? piece in pieces)
            if (piece is not null && !piece.Accepts(layout))
                return false;
        return true;
    }

    // Rows before the axis in memory, and the floats of each piece in a row. Channels-last has the channels inside the
    // spatial axes; blocks have them where plain has, and a block more inside.
    private (long Outer, long[] Sizes) View(Layout layout)
    {
        Shape whole = spec.Whole;
        long outer = whole.CountOf(0, spec.Axis), inner = whole.CountFrom(spec.Axis + 1);
        if (layout == Layout.ChannelsLast && spec.Axis == 1) (outer, inner) = (whole[0] * whole.CountFrom(2), 1);
        if (layout != Layout.Plain && spec.Axis > 1)
        {
            int block = layout.Block(whole);
            (outer, inner) = (outer / block, inner * block);
        }
        long[] sizes = new long[spec.Extents.Count];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = spec.Extents[i] * inner;
        return (outer, sizes);
    }
}
