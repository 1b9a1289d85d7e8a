using System.Runtime.InteropServices;
using Atl.Native;

namespace Atl.Devices.Cpu;

/// <summary>The host's cores: operators are C++ (oneDNN where it has the operator) on one OpenMP thread pool.</summary>
public sealed class CpuDevice : Device
{
    private readonly Lazy<Layout> _block = new(() =>
    {
        NativeMethods.Check(NativeMethods.PreferredBlock(out Layout layout));
        return layout;
    });

    internal CpuDevice()
    {
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>
    /// The number of threads of the operators that the calling thread runs. It is OpenMP's setting, which belongs to a
    /// thread of the program and not to a device; so it is static, and other threads keep theirs.
    /// </summary>
    public static int Threads
    {
        get
        {
            NativeMethods.Check(NativeMethods.GetThreads(out int threads));
            return threads;
        }
        set => NativeMethods.Check(NativeMethods.SetThreads(value));
    }

    /// <inheritdoc/>
    internal override long MostMemory => HostMemory.Most;

    /// <inheritdoc/>
    public override Layout PreferredLayout(Shape shape)
    {
        if (shape.NumAxes < 3 || shape[1] == 1) return Layout.Plain;
        return _block.Value.Fits(shape) ? _block.Value : Layout.Plain;
    }

    /// <inheritdoc/>
    public override unsafe void Zero(nint pointer, long bytes) => NativeMemory.Clear((void*)pointer, (nuint)bytes);

    /// <inheritdoc/>
    public override unsafe void Copy(nint source, nint destination, long bytes) =>
        Buffer.MemoryCopy((void*)source, (void*)destination, bytes, bytes);

    /// <inheritdoc/>
    public override void Upload(nint hostSource, nint destination, long bytes) => Copy(hostSource, destination, bytes);

    /// <inheritdoc/>
    public override void Download(nint source, nint hostDestination, long bytes) =>
        Copy(source, hostDestination, bytes);

    /// <inheritdoc/>
    public override void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination) =>
        NativeMethods.Check(NativeMethods.Reorder(shape[0], shape[1], shape.CountFrom(2), from, source, to,
            destination));

    /// <inheritdoc/>
    protected override nint AllocateRaw(long bytes)
    {
        NativeMethods.Check(NativeMethods.Alloc(bytes, out nint pointer));
        return pointer;
    }

    /// <inheritdoc/>
    protected override void FreeRaw(nint pointer) => NativeMethods.Check(NativeMethods.Free(pointer));
}
