using Atl.Devices;

namespace Atl;

/// <summary>
/// A tensor's elements on the host in row-major order, to change. While the loan is open (<c>using</c>) this memory is
/// not given back, whatever happens to the tensor. Where the tensor is reshaped, disposed or written on another device
/// meanwhile, the loan still shows the old elements, and changes made through it are lost. Do not use the span after
/// the loan.
/// </summary>
public readonly ref struct ElementLoan : IDisposable
{
    private readonly Tensor _owner;
    private readonly MemoryBlock.Loan? _memory;

    internal unsafe ElementLoan(Tensor owner, MemoryBlock.Loan memory, int count)
    {
        _owner = owner;
        _memory = memory;
        Span = new Span<float>((void*)memory.Pointer, count);
    }

    /// <summary>The elements.</summary>
    public Span<float> Span { get; }

    /// <summary>Ends the loan; later calls do nothing.</summary>
    public void Dispose()
    {
        _memory?.Dispose();
        GC.KeepAlive(_owner);
    }
}
