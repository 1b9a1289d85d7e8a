namespace Atl.Devices.Cuda;

/// <summary>A stream: work that the GPU does in the order in which it was given. Disposing destroys the
/// stream.</summary>
internal interface ICudaStream : IDisposable
{
    /// <summary>The CUstream, as cuBLAS takes it.</summary>
    nint Handle { get; }

    /// <summary>Waits until all work of the stream is done.</summary>
    void Synchronize();

    /// <summary>Copies from the host; the host's memory, which is not pinned, may be used again at return.</summary>
    void Upload(nint hostSource, nint destination, long bytes);

    /// <summary>Copies to the host; done once the stream is.</summary>
    void Download(nint source, nint hostDestination, long bytes);

    /// <summary>Copies within the GPU.</summary>
    void Copy(nint source, nint destination, long bytes);

    /// <summary>Sets bytes.</summary>
    void Fill(nint destination, byte value, long bytes);
}
