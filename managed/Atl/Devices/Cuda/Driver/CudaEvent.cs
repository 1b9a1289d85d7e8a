namespace Atl.Devices.Cuda;

/// <summary>A mark in a device's stream, by which work on the device is waited for and timed.</summary>
internal sealed class CudaEvent : IDisposable
{
    private readonly CudaDevice _device;
    private readonly ICudaEvent _event;

    /// <summary>An event that is not recorded yet.</summary>
    public CudaEvent(CudaDevice device)
    {
        _device = device;
        device.MakeCurrent();
        _event = device.Context.CreateEvent();
    }

    /// <summary>Marks the present end of the device's stream.</summary>
    public void Record()
    {
        _device.MakeCurrent();
        _event.Record(_device.Stream);
    }

    /// <summary>Waits until all work before the mark is done.</summary>
    public void Synchronize()
    {
        _device.MakeCurrent();
        _event.Synchronize();
    }

    /// <summary>The time from another event's mark to this one's, both of which must have been reached.</summary>
    public TimeSpan Since(CudaEvent start)
    {
        _device.MakeCurrent();
        return TimeSpan.FromMilliseconds(_event.MillisecondsSince(start._event));
    }

    /// <summary>Gives the event up.</summary>
    public void Dispose() => _event.Dispose();
}
