namespace Atl.Devices.Cuda;

/// <summary>A kernel of the fatbin on a device.</summary>
internal sealed class CudaKernel(CudaDevice device, KernelSignature signature)
{
    // Any grid does, since kernels go on in steps of the grid.
    private const long MaxBlocks = 1 << 20;

    private readonly ICudaKernel _kernel = device.Kernels.Find(signature.Name);

    /// <summary>Starts the kernel with a thread for each of so many items, or fewer threads that go on in steps of the
    /// grid; nothing without items.</summary>
    /// <exception cref="ArgumentException">The arguments are not those of the kernel.</exception>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public void LaunchThreads(long items, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (items > 0) Launch(Math.Min(items, (long)device.GridLimit * KernelSignature.Threads),
            KernelSignature.Threads, KernelSignature.Threads, arguments);
    }

    /// <summary>Starts the kernel for a map of so many elements, of which a thread takes four at a time.</summary>
    /// <exception cref="ArgumentException">The arguments are not those of the kernel.</exception>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public void LaunchMap(long elements, params ReadOnlySpan<KernelArgument> arguments) =>
        LaunchThreads((elements + 3) / 4, arguments);

    /// <summary>Starts the kernel with a block for each of so many items, or fewer blocks that go on in steps of the
    /// grid; nothing without items.</summary>
    /// <exception cref="ArgumentException">The arguments are not those of the kernel.</exception>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public void LaunchBlocks(long items, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (items > 0) Launch(Math.Min(items, device.GridLimit), 1, KernelSignature.Threads, arguments);
    }

    /// <summary>
    /// Starts the kernel with so many threads a block, on a grid for <paramref name="work"/> items of which a block
    /// takes <paramref name="each"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The arguments are not those of the kernel.</exception>
    /// <exception cref="CudaException">The driver refuses.</exception>
    public void Launch(long work, int each, int threads, params ReadOnlySpan<KernelArgument> arguments)
    {
        (string name, string kinds, int maxThreads, Type? expected) = signature;
        if (arguments.Length != kinds.Length)
            throw new ArgumentException($"{name} takes {kinds.Length} arguments, found {arguments.Length}",
                nameof(arguments));
        if (threads % 32 != 0 || threads <= 0 || threads > maxThreads)
            throw new ArgumentOutOfRangeException(nameof(threads), threads,
                $"{name} runs in blocks of a multiple of 32 threads, at most {maxThreads}");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(work);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(each);
        int length = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            ref readonly KernelArgument argument = ref arguments[i];
            if (argument.Kind != (kinds[i] == 'o' ? 'p' : kinds[i]))
                throw new ArgumentException($"argument {i} of {name} is of kind '{argument.Kind}', expected "
                    + $"'{kinds[i]}'", nameof(arguments));
            if (kinds[i] == 'p' && argument.Words[0] == 0)
                throw new ArgumentException($"argument {i} of {name} is a null address", nameof(arguments));
            if (kinds[i] == 's' && argument.Struct != expected)
                throw new ArgumentException($"argument {i} of {name} is a {argument.Struct?.Name}, expected a "
                    + $"{expected?.Name}", nameof(arguments));
            length += argument.Words.Length;
        }
        Span<ulong> values = stackalloc ulong[length];
        Span<int> starts = stackalloc int[arguments.Length];
        int start = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<ulong> words = arguments[i].Words;
            words.CopyTo(values[start..]);
            starts[i] = start;
            start += words.Length;
        }
        device.MakeCurrent();
        _kernel.Launch(
            device.Stream, (uint)Math.Min((work + each - 1) / each, MaxBlocks), (uint)threads, values, starts);
    }
}
