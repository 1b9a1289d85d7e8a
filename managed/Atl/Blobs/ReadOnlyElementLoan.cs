namespace Atl;

/// <summary>A tensor's elements on the host in row-major order, to read; as <see cref="ElementLoan"/>.</summary>
public readonly ref struct ReadOnlyElementLoan : IDisposable
{
    private readonly Tensor _owner;

    internal ReadOnlyElementLoan(Tensor owner, ReadOnlySpan<float> elements)
    {
        _owner = owner;
        Span = elements;
    }

    /// <summary>The elements.</summary>
    public ReadOnlySpan<float> Span { get; }

    /// <summary>Ends the loan.</summary>
    public void Dispose() => GC.KeepAlive(_owner);
}
