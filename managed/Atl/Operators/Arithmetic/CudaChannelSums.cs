using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>
/// Sums over the channels of an N × C × spatial array: a kernel of native/cuda writes the sums of slices into borrowed
/// memory, and another adds them up.
/// </summary>
internal sealed class CudaChannelSums(CudaDevice device, long n, long channels, long spatial)
{
    // The kernel's kFewPlaces: rows below this are summed column by column.
    private const int FewPlaces = 32, Warp = 32;

    // A slice that keeps a block busy for a while, and the blocks that keep a GPU busy.
    private const long SliceElements = 16384, EnoughBlocks = 1024;

    private readonly CudaKernel _add = new(device, KernelSignatures.ChannelSumsAdd),
        _sum = new(device, KernelSignatures.ChannelSumParts);

    /// <summary>A kernel that writes the parts.</summary>
    public delegate void PartsKernel(nint parts);

    /// <summary>The slices of each channel; the shape alone decides, so that sums are the same in every run.</summary>
    public long Slices { get; } = SlicesOf(n, channels, spatial);

    /// <summary>The blocks that a kernel with a block for each part wants.</summary>
    public long Blocks => Units(channels, spatial) * Slices;

    /// <summary>The bytes of the parts of so many terms.</summary>
    public long PartsBytes(int terms) =>
        terms * Slices * channels * (spatial < FewPlaces ? spatial : 1) * sizeof(double);

    /// <summary>first[c] += the first term's sum over channel c, second[c] += the second's; an address of 0 is left
    /// out.</summary>
    public void Add(int terms, nint first, nint second, PartsKernel kernel)
    {
        if (n * channels * spatial == 0) return;
        using Workspace.Loan parts = device.Workspace.Borrow(PartsBytes(terms));
        kernel(parts.Pointer);
        _add.LaunchThreads(channels, terms, channels, spatial, Slices, parts.Pointer, first, second);
    }

    /// <summary>sum[c] += the sum of dy over channel c.</summary>
    public void Add(nint dy, nint sum) =>
        Add(1, sum, 0, parts => _sum.LaunchBlocks(Blocks, n, channels, spatial, Slices, dy, parts));

    private static long Units(long channels, long spatial) => spatial < FewPlaces
        ? (channels * spatial + Warp - 1) / Warp : channels;

    private static long SlicesOf(long n, long channels, long spatial)
    {
        long most = spatial < FewPlaces ? Math.Max(1, n / 64) : Math.Max(1, n * spatial / SliceElements);
        return Math.Clamp(EnoughBlocks / Math.Max(1, Units(channels, spatial)), 1, most);
    }
}
