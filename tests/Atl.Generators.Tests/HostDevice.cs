using System.Runtime.InteropServices;
using Atl.Devices;

namespace Atl.Generators.Tests;

/// <summary>A device outside Atl, in host memory: it has the softsign of few elements, and nothing else.</summary>
internal sealed unsafe class HostDevice : Device
{
    public override string Name => "host";

    public override void Zero(nint pointer, long bytes) => NativeMemory.Clear((void*)pointer, (nuint)bytes);

    public override void Copy(nint source, nint destination, long bytes) =>
        Buffer.MemoryCopy((void*)source, (void*)destination, bytes, bytes);

    public override void Upload(nint hostSource, nint destination, long bytes) => Copy(hostSource, destination, bytes);

    public override void Download(nint source, nint hostDestination, long bytes) =>
        Copy(source, hostDestination, bytes);

    public override void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination) =>
        throw new NotSupportedException();

    protected override nint AllocateRaw(long bytes) => (nint)NativeMemory.Alloc((nuint)bytes);

    protected override void FreeRaw(nint pointer) => NativeMemory.Free((void*)pointer);
}
