namespace Atl.Proto;

/// <summary>The bytes that every HDF5 file has before its superblock.</summary>
internal static class Hdf5Signature
{
    /// <summary>The bytes.</summary>
    public static ReadOnlySpan<byte> Bytes => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];
}
