using System.Buffers.Binary;
using Atl.Proto;

namespace Atl.Devices.Cuda;

/// <summary>
/// A file of compiled kernels, as nvcc writes it with <c>-fatbin</c>. Its header has the magic number 0xBA55ED50 (4
/// bytes), a version (2), its own length (2) and the length of what follows it (8), little-endian.
/// </summary>
internal static class Fatbin
{
    private const uint Magic = 0xBA55ED50;
    private const int HeaderLength = 16;

    /// <summary>The bytes of a file that is whole. The driver is told an address and no length, so that it would read
    /// on behind one that is not.</summary>
    /// <exception cref="DeviceException">The file is missing or cannot be read, is no fatbin, or is
    /// truncated.</exception>
    public static byte[] Read(string path)
    {
        byte[] image;
        try
        {
            image = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DeviceException($"the CUDA kernels are missing: expected {path} (dotnet run build.cs -- cuda "
                + "compiles them)");
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw new DeviceException($"the CUDA kernels cannot be read: {e.Message}");
        }
        if (image.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(image) != Magic)
            throw new DeviceException($"{path} is not a fatbin of CUDA kernels: expected one built by dotnet run "
                + "build.cs -- cuda");
        ulong expected = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(6))
            + BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(8));
        if ((ulong)image.Length != expected)
            throw new DeviceException(FormattableString.Invariant(
                $"{path} is damaged: {image.Length} bytes, expected {expected} by its header"));
        return image;
    }
}
