using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/concat.cu, a launch for each piece.</summary>
[OperatorFor<CudaDevice, ConcatSpec>]
internal sealed class CudaConcat(CudaDevice device, ConcatSpec spec) : Concat(device)
{
    private readonly CudaKernel _copy = new(device, KernelSignatures.ConcatCopy);

    // Rows before the axis, and the elements of a row of one extent.
    private long Outer => spec.Whole.CountOf(0, spec.Axis);

    private long Inner => spec.Whole.CountFrom(spec.Axis + 1);

    private long Row => spec.Whole.CountFrom(spec.Axis);

    public override void Join(IReadOnlyList<Tensor?> pieces, Tensor whole)
    {
        nint[] from = [.. pieces.Select(piece => piece?.Read(Device) ?? 0)];
        nint to = whole.Write(Device);
        for (int i = 0; i < from.Length; i++)
        {
            long size = spec.Extents[i] * Inner;
            _copy.LaunchMap(Outer * size, Outer, size, from[i], size, to, Row);
            to += (nint)(size * sizeof(float));
        }
    }

    public override void Cut(Tensor whole, IReadOnlyList<Tensor?> pieces)
    {
        nint from = whole.Read(Device);
        for (int i = 0; i < pieces.Count; i++)
        {
            long size = spec.Extents[i] * Inner;
            if (pieces[i] is { } piece)
                _copy.LaunchMap(Outer * size, Outer, size, from, Row, piece.Write(Device), size);
            from += (nint)(size * sizeof(float));
        }
    }
}
