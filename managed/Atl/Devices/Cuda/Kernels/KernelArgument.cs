namespace Atl.Devices.Cuda;

/// <summary>An argument of a kernel with its kind: i int32, l int64, u uint64, f float, p address in the device's
/// memory.</summary>
internal readonly struct KernelArgument
{
    private KernelArgument(char kind, ulong bits)
    {
        Kind = kind;
        Bits = bits;
    }

    /// <summary>The kind.</summary>
    public char Kind { get; }

    /// <summary>The value, in the lowest bytes.</summary>
    public ulong Bits { get; }

    public static implicit operator KernelArgument(int value) => new('i', (uint)value);

    public static implicit operator KernelArgument(long value) => new('l', (ulong)value);

    public static implicit operator KernelArgument(ulong value) => new('u', value);

    public static implicit operator KernelArgument(float value) => new('f', BitConverter.SingleToUInt32Bits(value));

    public static implicit operator KernelArgument(nint address) => new('p', (ulong)address);
}
