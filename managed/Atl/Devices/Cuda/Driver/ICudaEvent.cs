namespace Atl.Devices.Cuda;

/// <summary>A mark in a stream. Disposing it destroys the event.</summary>
internal interface ICudaEvent : IDisposable
{
    /// <summary>Marks the present end of a stream.</summary>
    void Record(ICudaStream stream);

    /// <summary>Waits until all work before the mark is done.</summary>
    void Synchronize();

    /// <summary>
    /// The time from another event of the same binding to this one, in milliseconds. Both marks must have been reached.
    /// </summary>
    float MillisecondsSince(ICudaEvent start);
}
