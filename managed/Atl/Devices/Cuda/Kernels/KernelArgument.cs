using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atl.Devices.Cuda;

/// <summary>An argument of a kernel with its kind: i int32, l int64, u uint64, f float, p address in the device's
/// memory, s struct of the native library.</summary>
internal readonly struct KernelArgument
{
    private const int MaxWords = 16;

    private readonly Storage _words;
    private readonly int _count;

    private KernelArgument(char kind, ulong bits)
    {
        Kind = kind;
        _words[0] = bits;
        _count = 1;
    }

    private KernelArgument(in Storage words, int count, Type type)
    {
        Kind = 's';
        _words = words;
        _count = count;
        Struct = type;
    }

    /// <summary>The kind.</summary>
    public char Kind { get; }

    /// <summary>The type of a struct; null for other kinds.</summary>
    public Type? Struct { get; }

    /// <summary>The value: in the lowest bytes, or a struct's bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<ulong> Words => ((ReadOnlySpan<ulong>)_words)[.._count];

    public static implicit operator KernelArgument(int value) => new('i', (uint)value);

    public static implicit operator KernelArgument(long value) => new('l', (ulong)value);

    public static implicit operator KernelArgument(ulong value) => new('u', value);

    public static implicit operator KernelArgument(float value) => new('f', BitConverter.SingleToUInt32Bits(value));

    public static implicit operator KernelArgument(nint address) => new('p', (ulong)address);

    /// <summary>A copy of a struct, which lies in the argument itself: nothing is allocated.</summary>
    /// <exception cref="ArgumentException">It has more than 128 bytes.</exception>
    public static KernelArgument Of<T>(in T value)
        where T : unmanaged
    {
        int count = (Unsafe.SizeOf<T>() + sizeof(ulong) - 1) / sizeof(ulong);
        if (count > MaxWords)
            throw new ArgumentException($"{typeof(T).Name} has {Unsafe.SizeOf<T>()} bytes, and an argument of a kernel "
                + $"at most {MaxWords * sizeof(ulong)}", nameof(value));
        Storage words = default;
        MemoryMarshal.Write(MemoryMarshal.AsBytes((Span<ulong>)words), in value);
        return new KernelArgument(in words, count, typeof(T));
    }

    [InlineArray(MaxWords)]
    private struct Storage
    {
        private ulong _first;
    }
}
