using Atl.Proto;

namespace Atl.Devices;

/// <summary>A device that refuses: out of memory, no driver, an operator that failed or does not exist.</summary>
public class DeviceException(string message) : AtlException(message);
