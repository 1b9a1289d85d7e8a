namespace Atl.Devices;

/// <summary>A piece of a device's memory, borrowed from the device's pool. Disposing gives it back.</summary>
public sealed class MemoryBlock : IDisposable
{
    private Device? _device;

    internal MemoryBlock(Device device, nint pointer, long bytes)
    {
        _device = device;
        Pointer = pointer;
        Bytes = bytes;
    }

    /// <summary>The address in the device's address space.</summary>
    public nint Pointer { get; private set; }

    /// <summary>The size that was granted; at least what was asked for.</summary>
    public long Bytes { get; }

    /// <summary>Gives the memory back to the pool; later calls do nothing.</summary>
    public void Dispose()
    {
        Device? device = Interlocked.Exchange(ref _device, null);
        if (device is null) return;
        device.Return(Pointer, Bytes);
        Pointer = 0;
    }
}
