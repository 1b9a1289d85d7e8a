namespace Atl.Devices.Cuda;

/// <summary>A mark in a device's stream, by which work on the device is waited for and timed.</summary>
internal sealed class CudaEvent : IDisposable
{
    private readonly CudaDevice _device;
    private readonly ICudaDriver _driver;
    private nint _handle;

    /// <summary>An event that is not recorded yet.</summary>
    public CudaEvent(CudaDevice device)
    {
        (_device, _driver) = (device, device.Driver);
        device.MakeCurrent();
        _driver.Check(_driver.EventCreate(out _handle));
    }

    /// <summary>Marks the present end of the device's stream.</summary>
    public void Record()
    {
        _device.MakeCurrent();
        _driver.Check(_driver.EventRecord(_handle, _device.Stream));
    }

    /// <summary>Waits until all work before the mark is done.</summary>
    public void Synchronize() => _driver.Check(_driver.EventSynchronize(_handle));

    /// <summary>The time from another event's mark to this one's, both of which must have been reached.</summary>
    public TimeSpan Since(CudaEvent start)
    {
        _driver.Check(_driver.EventElapsedTime(out float milliseconds, start._handle, _handle));
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>Gives the event up.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and nint handle) _driver.Check(_driver.EventDestroy(handle));
    }
}
