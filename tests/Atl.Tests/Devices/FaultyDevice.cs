using System.Runtime.InteropServices;
using Atl.Devices;

namespace Atl.Tests.Devices;

/// <summary>A device in host memory whose copies fail when they are told to, half way.</summary>
internal sealed unsafe class FaultyDevice : Device
{
    /// <summary>Whether zeroing, copying and reordering fail from now on.</summary>
    public bool Fails { get; set; }

    public override string Name => "faulty";

    public override void Zero(nint pointer, long bytes) =>
        Run(pointer, bytes, () => NativeMemory.Clear((void*)pointer, (nuint)bytes));

    public override void Copy(nint source, nint destination, long bytes) =>
        Run(destination, bytes, () => Buffer.MemoryCopy((void*)source, (void*)destination, bytes, bytes));

    public override void Upload(nint hostSource, nint destination, long bytes) => Copy(hostSource, destination, bytes);

    public override void Download(nint source, nint hostDestination, long bytes) =>
        Copy(source, hostDestination, bytes);

    public override void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination) =>
        Run(destination, shape.Count * sizeof(float), () => Cpu.Reorder(shape, from, source, to, destination));

    protected override nint AllocateRaw(long bytes) => (nint)NativeMemory.Alloc((nuint)bytes);

    protected override void FreeRaw(nint pointer) => NativeMemory.Free((void*)pointer);

    private void Run(nint destination, long bytes, Action work)
    {
        if (!Fails)
        {
            work();
            return;
        }
        NativeMemory.Fill((void*)destination, (nuint)bytes / 2, 0x7f);
        throw new DeviceException("the copy failed");
    }
}
