using Atl.Devices;

namespace Atl;

/// <summary>A tensor's elements on the host in row-major order, to read; as <see cref="ElementLoan"/>.</summary>
public readonly ref struct ReadOnlyElementLoan : IDisposable
{
    private readonly Tensor _owner;
    private readonly MemoryBlock.Loan? _memory;

    internal unsafe ReadOnlyElementLoan(Tensor owner, MemoryBlock.Loan memory, long first, int count)
    {
        _owner = owner;
        _memory = memory;
        Span = new ReadOnlySpan<float>((float*)memory.Pointer + first, count);
    }

    /// <summary>The elements.</summary>
    public ReadOnlySpan<float> Span { get; }

    /// <summary>Ends the loan; later calls do nothing.</summary>
    public void Dispose()
    {
        _memory?.Dispose();
        GC.KeepAlive(_owner);
    }
}
