using Atl.Devices;

namespace Atl.Operators;

/// <summary>The part of the largest values that is wanted.</summary>
internal enum ArgMaxOutput
{
    /// <summary>Their indices.</summary>
    Indices,

    /// <summary>The values.</summary>
    Values,

    /// <summary>For each row its indices, then its values.</summary>
    IndicesThenValues,
}

/// <summary>The largest values along an axis.</summary>
/// <param name="Outer">The rows before the axis.</param>
/// <param name="Channels">The axis' extent.</param>
/// <param name="Inner">The elements after the axis.</param>
/// <param name="TopK">How many are wanted.</param>
/// <param name="Output">What of them is wanted.</param>
internal sealed record ArgMaxSpec(long Outer, long Channels, long Inner, int TopK, ArgMaxOutput Output)
    : OperatorSpec<ArgMax>;

/// <summary>The TopK largest along an axis in falling order; of equals the one with the larger index comes
/// first.</summary>
internal abstract class ArgMax(Device device) : Operator(device)
{
    /// <summary>y: outer × TopK × inner, or outer × 2 × TopK × inner where indices and values are wanted.</summary>
    public abstract void Forward(Tensor x, Tensor y);
}
