namespace Atl;

/// <summary>
/// A tensor's elements on the host in row-major order, to change. While the loan is open (<c>using</c>) the tensor's
/// memory stays where it is, also where nobody else refers to the tensor. Do not use the span after the loan, nor after
/// the tensor was written elsewhere, reshaped or disposed.
/// </summary>
public readonly ref struct ElementLoan : IDisposable
{
    private readonly Tensor _owner;

    internal ElementLoan(Tensor owner, Span<float> elements)
    {
        _owner = owner;
        Span = elements;
    }

    /// <summary>The elements.</summary>
    public Span<float> Span { get; }

    /// <summary>Ends the loan.</summary>
    public void Dispose() => GC.KeepAlive(_owner);
}
