namespace Atl.Devices;

/// <summary>
/// Scratch memory that a device's operators borrow for the length of one call. One block serves all of them in turn and
/// grows to the largest that was asked for, so that a net of many convolutions holds the scratch memory of one.
/// </summary>
internal sealed class Workspace(Device device)
{
    private readonly Lock _lock = new();
    private readonly Stack<MemoryBlock> _free = new();

    /// <summary>Borrows at least so many bytes, of undefined content; disposing gives them back.</summary>
    /// <exception cref="DeviceException">The device has no such memory left.</exception>
    public Loan Borrow(long bytes)
    {
        MemoryBlock? block;
        lock (_lock) _free.TryPop(out block);
        if (block is null || block.Bytes < bytes)
        {
            block?.Dispose();
            // What was outgrown would lie in the pool without a user.
            if (block is not null) device.Trim();
            block = device.Allocate(bytes);
        }
        return new Loan(this, block);
    }

    /// <summary>Gives the scratch memory that nobody has borrowed back to the device.</summary>
    public void Clear()
    {
        lock (_lock)
            while (_free.TryPop(out MemoryBlock? block)) block.Dispose();
    }

    /// <summary>Borrowed scratch memory.</summary>
    public readonly struct Loan : IDisposable
    {
        private readonly Workspace _owner;
        private readonly MemoryBlock _block;

        internal Loan(Workspace owner, MemoryBlock block)
        {
            _owner = owner;
            _block = block;
        }

        /// <summary>The address.</summary>
        public nint Pointer => _block.Pointer;

        /// <summary>Gives the memory back.</summary>
        public void Dispose()
        {
            lock (_owner._lock) _owner._free.Push(_block);
        }
    }
}
