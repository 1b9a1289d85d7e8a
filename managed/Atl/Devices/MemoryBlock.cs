namespace Atl.Devices;

/// <summary>
/// A piece of a device's memory, borrowed from the device's pool. Disposing gives it back; so does the garbage
/// collector where nobody did and nobody refers to the block any more. Whoever uses the address keeps the block
/// reachable until native code is done with it (<see cref="GC.KeepAlive"/>).
/// </summary>
public sealed class MemoryBlock : IDisposable
{
    private readonly nint _pointer;
    private Device? _device;

    internal MemoryBlock(Device device, nint pointer, long bytes)
    {
        _device = device;
        _pointer = pointer;
        Bytes = bytes;
    }

    /// <summary>Gives back what was forgotten. It calls no driver: the pool takes the block, and the device's next user
    /// has it or frees it.</summary>
    ~MemoryBlock() => GiveBack();

    /// <summary>The address in the device's address space.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_device is null, this);
            return _pointer;
        }
    }

    /// <summary>The size that was granted; at least what was asked for.</summary>
    public long Bytes { get; }

    /// <summary>Gives the memory back to the pool; later calls do nothing.</summary>
    public void Dispose()
    {
        GiveBack();
        GC.SuppressFinalize(this);
    }

    private void GiveBack() => Interlocked.Exchange(ref _device, null)?.Return(_pointer, Bytes);
}
