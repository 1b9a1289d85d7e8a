namespace Atl.Devices.Cuda;

/// <summary>
/// A context of a GPU, given up when it is disposed. All members but the first need it to be the calling thread's.
/// </summary>
internal interface ICudaContext : IDisposable
{
    /// <summary>Makes the context the calling thread's.</summary>
    void MakeCurrent();

    /// <summary>Allocates device memory.</summary>
    nint Allocate(long bytes);

    /// <summary>Frees device memory; may wait for the GPU.</summary>
    void Free(nint pointer);

    /// <summary>A new stream that does not wait for the default stream.</summary>
    ICudaStream CreateStream();

    /// <summary>A new event.</summary>
    ICudaEvent CreateEvent();

    /// <summary>Loads a fatbin that is whole.</summary>
    ICudaModule LoadModule(byte[] image);
}
