using Atl.Devices;

namespace Atl.Native;

/// <summary>
/// Atl's own native library is missing, of another version, or made for another processor: no lack of memory, whatever
/// it was needed for.
/// </summary>
public sealed class NativeLibraryException(string message) : DeviceException(message);
