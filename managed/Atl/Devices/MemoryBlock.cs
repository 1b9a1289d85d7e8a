namespace Atl.Devices;

/// <summary>
/// A piece of a device's memory, borrowed from the device's pool. Disposing gives it back, as soon as no loan of it is
/// open; so does the garbage collector where nobody did and nobody refers to the block any more. Whoever uses the
/// address keeps the block reachable until native code is done with it (<see cref="GC.KeepAlive"/>).
/// </summary>
internal sealed class MemoryBlock : IDisposable
{
    private readonly Device _device;
    private readonly nint _pointer;
    // The owner and the open loans; who leaves last gives the memory back.
    private int _holders = 1;
    private bool _disposed;

    internal MemoryBlock(Device device, nint pointer, long bytes)
    {
        _device = device;
        _pointer = pointer;
        Bytes = bytes;
    }

    /// <summary>Gives back what was forgotten. It calls no driver: the pool takes the block, and the device's next user
    /// has it or frees it.</summary>
    ~MemoryBlock() => _device.Return(_pointer, Bytes);

    /// <summary>The address in the device's address space.</summary>
    /// <exception cref="ObjectDisposedException">The block was disposed.</exception>
    public nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            return _pointer;
        }
    }

    /// <summary>The size that was granted; at least what was asked for.</summary>
    public long Bytes { get; }

    /// <summary>Gives the memory back to the pool once no loan is open; later calls do nothing.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true)) Leave();
    }

    /// <summary>Keeps the memory from being given back, and so from being reused, until the loan ends.</summary>
    /// <exception cref="ObjectDisposedException">The block was disposed.</exception>
    internal Loan Lend()
    {
        int holders;
        do
        {
            holders = Volatile.Read(ref _holders);
            ObjectDisposedException.ThrowIf(holders == 0 || Volatile.Read(ref _disposed), this);
        }
        while (Interlocked.CompareExchange(ref _holders, holders + 1, holders) != holders);
        return new Loan(this);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return;
        GC.SuppressFinalize(this);
        _device.Return(_pointer, Bytes);
    }

    /// <summary>The right to use a block's memory, also after the block was disposed.</summary>
    internal sealed class Loan(MemoryBlock block) : IDisposable
    {
        private int _open = 1;

        /// <summary>The address of the memory.</summary>
        public nint Pointer => block._pointer;

        /// <summary>Ends the loan; later calls do nothing.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _open, 0) == 1) block.Leave();
        }
    }
}
