using Atl.Devices;

namespace Atl.Operators;

/// <summary>A table whose rows are chosen by number.</summary>
/// <param name="Rows">The rows of the table.</param>
/// <param name="Size">The elements of a row.</param>
internal sealed record RowsSpec(long Rows, long Size) : OperatorSpec<Rows>;

/// <summary>y[i] = table[numbers[i]] + b; every number is in [0, Rows).</summary>
internal abstract class Rows(Device device) : Operator(device)
{
    /// <summary>Computes y; a bias of null adds none.</summary>
    public abstract void Gather(Tensor table, ReadOnlySpan<int> numbers, Tensor? bias, Tensor y);

    /// <summary>dTable[numbers[i]] += dy[i]; other rows stay.</summary>
    public abstract void Scatter(Tensor dy, ReadOnlySpan<int> numbers, Tensor dTable);

    /// <summary>dBias += Σ dy[i].</summary>
    /// <param name="dy">The gradient of y.</param>
    /// <param name="count">The rows of y.</param>
    /// <param name="dBias">The gradient of b.</param>
    public abstract void SumRows(Tensor dy, long count, Tensor dBias);
}
