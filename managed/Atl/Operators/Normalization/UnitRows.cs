using Atl.Devices;

namespace Atl.Operators;

/// <summary>Rows to be brought to unit length.</summary>
/// <param name="Rows">N.</param>
/// <param name="Columns">K.</param>
internal sealed record UnitRowsSpec(int Rows, int Columns) : OperatorSpec<UnitRows>;

/// <summary>Divides each row of an N × K matrix by its length, in place; rows of zeros stay.</summary>
internal abstract class UnitRows(Device device) : Operator(device)
{
    /// <summary>Brings the rows to unit length.</summary>
    public abstract void Normalize(Tensor rows);
}
