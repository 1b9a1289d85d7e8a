namespace Atl.Devices.Cuda;

/// <summary>A mark in a device's stream, by which work on the device is waited for and timed.</summary>
internal sealed class CudaEvent : IDisposable
{
    private readonly CudaDevice _device;
    private readonly ICudaEvent? _made;

    /// <summary>An event that is not recorded yet.</summary>
    public CudaEvent(CudaDevice device)
    {
        _device = device;
        device.MakeCurrent();
        _made = device.Context.CreateEvent();
    }

    /// <summary>Leaves a forgotten event to the device, whose next user destroys it: a finalizer waits for no
    /// driver.</summary>
    ~CudaEvent()
    {
        if (_made is not null) _device.DestroyLater(_made);
    }

    private ICudaEvent Event => _made!;

    /// <summary>Marks the present end of the device's stream.</summary>
    public void Record()
    {
        _device.MakeCurrent();
        Event.Record(_device.Stream);
    }

    /// <summary>Waits until all work before the mark is done.</summary>
    public void Synchronize()
    {
        _device.MakeCurrent();
        Event.Synchronize();
    }

    /// <summary>The time from another event's mark to this one's, both of which must have been reached.</summary>
    public TimeSpan Since(CudaEvent start)
    {
        _device.MakeCurrent();
        return TimeSpan.FromMilliseconds(Event.MillisecondsSince(start.Event));
    }

    /// <summary>Gives the event up.</summary>
    public void Dispose()
    {
        Event.Dispose();
        GC.SuppressFinalize(this);
    }
}
