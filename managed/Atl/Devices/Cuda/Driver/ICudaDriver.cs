namespace Atl.Devices.Cuda;

/// <summary>
/// A binding of the CUDA driver, as the CUDA device needs it. Atl has its own; <see cref="CudaDriver.Use"/> takes
/// another one.
/// </summary>
/// <remarks>
/// The methods of this interface, and of the interfaces that its objects have, throw a <see cref="CudaException"/> with
/// the C function's name where the driver refuses. Several threads may call them at once. A GPU's number counts from 0
/// and is less than <see cref="DeviceCount"/>.
/// </remarks>
internal interface ICudaDriver
{
    /// <summary>The binding's name and version, for messages: <c>built in</c>.</summary>
    string Name { get; }

    /// <summary>The newest CUDA that the driver serves: 1000·major + 10·minor.</summary>
    int Version { get; }

    /// <summary>The number of GPUs.</summary>
    int DeviceCount { get; }

    /// <summary>Initializes the driver, before any other call.</summary>
    /// <exception cref="CudaException">The driver finds no GPU that it can use.</exception>
    void Initialize();

    /// <summary>A GPU's model.</summary>
    string DeviceName(int ordinal);

    /// <summary>A GPU's memory in bytes.</summary>
    long DeviceMemory(int ordinal);

    /// <summary>A property of a GPU.</summary>
    int DeviceAttribute(int ordinal, CudaAttribute attribute);

    /// <summary>The GPU's primary context, which all users of the GPU in this process share; disposing it releases it
    /// once.</summary>
    ICudaContext RetainPrimaryContext(int ordinal);
}
