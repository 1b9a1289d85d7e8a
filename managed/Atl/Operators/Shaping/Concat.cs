using Atl.Devices;

namespace Atl.Operators;

/// <summary>A tensor and the pieces that it is made of along one axis.</summary>
/// <param name="Whole">The whole tensor's shape.</param>
/// <param name="Axis">The axis, 0 or more.</param>
/// <param name="Extents">The pieces' extents along the axis, in order; their sum is the whole's.</param>
internal sealed record ConcatSpec(Shape Whole, int Axis, IReadOnlyList<int> Extents) : OperatorSpec<Concat>
{
    /// <summary>Whether both describe the same pieces.</summary>
    public bool Equals(ConcatSpec? other) =>
        other is not null && Axis == other.Axis && Whole.Equals(other.Whole) && Extents.SequenceEqual(other.Extents);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Whole, Axis, Extents.Count);
}

/// <summary>Joins tensors along an axis, and cuts one up.</summary>
internal abstract class Concat(Device device) : Operator(device)
{
    /// <summary>whole = the pieces one after another; a null piece counts as zeros.</summary>
    public abstract void Join(IReadOnlyList<Tensor?> pieces, Tensor whole);

    /// <summary>Copies each piece's part of the whole into it; a null piece is ignored.</summary>
    public abstract void Cut(Tensor whole, IReadOnlyList<Tensor?> pieces);
}
