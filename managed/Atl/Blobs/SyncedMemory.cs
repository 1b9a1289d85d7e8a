using Atl.Devices;

namespace Atl;

/// <summary>
/// The elements of a tensor, wherever they are: on the host or a device, in one layout or another. It knows which
/// copies hold the newest bytes and brings them where and how they are asked for; what is never asked for is never
/// allocated. Memory that nobody has written reads as zeros, as in Caffe. A copy counts only once it is whole:
/// where one fails, what was valid before stays so.
/// </summary>
/// <remarks>
/// Several threads may read at once, on any device and in any layout: of two that need the same new copy, one makes it.
/// Writing, releasing, reshaping, sharing and disposing need a thread that has the memory to itself. An address that
/// was given out is valid until the next write, release, reshape or Dispose, and only as long as the memory, or a
/// tensor, blob or net that has it, is reachable: the garbage collector gives forgotten memory back. Lent memory is
/// given back when the loan ends.
/// </remarks>
internal sealed class SyncedMemory : IDisposable
{
    private readonly MemoryUse? _use;
    // Replaced as a whole, never changed: readers need no lock.
    private volatile Replica[] _valid = [];
    private Lock? _adding;
    private State _state;
    private int _users = 1;

    /// <summary>Memory of a shape's size; the shape is what layouts other than plain refer to.</summary>
    public SyncedMemory(Shape shape) => Shape = shape;

    /// <summary>Memory of a shape's size, of which errors say what it is for.</summary>
    internal SyncedMemory(Shape shape, MemoryUse? use)
        : this(shape) => _use = use;

    /// <summary>The shape that layouts refer to.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Grows with every write, so that what was derived from the content can tell whether it is still
    /// current.</summary>
    public long Version { get; private set; }

    /// <summary>Whether somebody has written to it since it was made or released.</summary>
    public bool HasContent => _valid.Length > 0;

    /// <summary>The layout of the newest bytes, first the one that they were written in; plain where nothing was
    /// written.</summary>
    public Layout Layout => _valid is [var first, ..] ? first.Layout : Layout.Plain;

    /// <summary>The device that the newest bytes were written on; null where nothing was written.</summary>
    public Device? Device => _valid is [var first, ..] ? first.Device : null;

    /// <summary>Whether several tensors see this memory.</summary>
    internal bool IsShared => Volatile.Read(ref _users) > 1;

    private long Bytes => Shape.Count * sizeof(float);

    /// <summary>The newest bytes, to read, on a device and in a layout.</summary>
    /// <exception cref="InvalidOperationException">The memory was given up by <see cref="Release"/>, or the last
    /// <see cref="Write"/> found no memory; and nothing was written since.</exception>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public nint Read(Device device, Layout layout)
    {
        if (Find(device, layout) is { } found) return found.Block.Pointer;
        lock (LazyInitializer.EnsureInitialized(ref _adding, static () => new Lock()))
            return (Find(device, layout) ?? Make(device, layout)).Block.Pointer;
    }

    /// <summary>Memory to write all of, on a device and in a layout; what was there before is lost.</summary>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public nint Write(Device device, Layout layout)
    {
        CheckAlive();
        CheckFits(layout);
        Version++;
        Replica? kept = Find(device, layout);
        // The former content goes first, so that its memory serves the new one.
        _state = State.Lost;
        KeepOnly(kept);
        if (kept is null) Keep(kept = new Replica(device, layout, Allocate(device)));
        _state = State.Kept;
        return kept.Block.Pointer;
    }

    /// <summary>The newest bytes, to read and to change, on a device and in a layout.</summary>
    public nint ReadWrite(Device device, Layout layout)
    {
        nint pointer = Read(device, layout);
        Version++;
        KeepOnly(Find(device, layout));
        return pointer;
    }

    /// <summary>Lends the copy on the host in the plain layout, which the caller has just read or written.</summary>
    internal MemoryBlock.Loan Lend() => Find(Device.Cpu, Layout.Plain) is { } found
        ? found.Block.Lend()
        : throw new ObjectDisposedException(nameof(SyncedMemory));

    /// <summary>Gives the memory back after the content's last use; reading before the next write is an
    /// error.</summary>
    public void Release() => Empty(State.Released);

    /// <summary>Gives the memory back and goes back to the beginning: until the next write it reads as zeros.</summary>
    public void Reset() => Empty(State.Kept);

    /// <summary>Takes another shape. The elements stay, in row-major order, where their number does.</summary>
    public void Reshape(Shape shape)
    {
        CheckAlive();
        if (shape.Equals(Shape)) return;
        if (shape.Count != Shape.Count)
        {
            Reset();
        }
        else if (Array.Exists(_valid, replica => replica.Layout != Layout.Plain))
        {
            Device device = _valid[0].Device;
            Read(device, Layout.Plain);
            KeepOnly(Find(device, Layout.Plain));
        }
        Shape = shape;
    }

    /// <summary>Counts one more tensor that sees this memory.</summary>
    internal void Join() => Interlocked.Increment(ref _users);

    /// <summary>Counts one tensor less; the last one gives the memory back.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0) Dispose();
    }

    /// <summary>Gives the memory back for good: reading and writing are errors from then on.</summary>
    public void Dispose()
    {
        KeepOnly(null);
        _state = State.Disposed;
    }

    private void Empty(State state)
    {
        CheckAlive();
        KeepOnly(null);
        _state = state;
    }

    private Replica? Find(Device device, Layout layout)
    {
        foreach (Replica replica in _valid)
            if (replica.Device == device && replica.Layout == layout)
                return replica;
        return null;
    }

    private Replica Make(Device device, Layout layout)
    {
        CheckReadable();
        CheckFits(layout);
        if (_valid.Length == 0) return Add(device, layout, null);
        Replica here = Array.Find(_valid, replica => replica.Device == device)
            ?? Add(device, _valid[0].Layout, _valid[0]);
        return here.Layout == layout ? here : Add(device, layout, here);
    }

    private Replica Add(Device device, Layout layout, Replica? source)
    {
        Replica made = new(device, layout, Allocate(device));
        try
        {
            Fill(made, source);
        }
        catch
        {
            made.Block.Dispose();
            throw;
        }
        Keep(made);
        return made;
    }

    // With zeros where there is no source; else from another layout of the same device or from another device.
    private void Fill(Replica made, Replica? source)
    {
        if (source is null)
            made.Device.Zero(made.Block.Pointer, Bytes);
        else if (source.Device == made.Device)
            made.Device.Reorder(Shape, source.Layout, source.Block.Pointer, made.Layout, made.Block.Pointer);
        else if (source.Device == Device.Cpu)
            made.Device.Upload(source.Block.Pointer, made.Block.Pointer, Bytes);
        else if (made.Device == Device.Cpu)
            source.Device.Download(source.Block.Pointer, made.Block.Pointer, Bytes);
        else
            made.Device.Upload(Read(Device.Cpu, source.Layout), made.Block.Pointer, Bytes);
        GC.KeepAlive(this);
        GC.KeepAlive(made);
    }

    private MemoryBlock Allocate(Device device)
    {
        try
        {
            return device.Allocate(Bytes);
        }
        catch (DeviceMemoryException e)
        {
            throw e.For(_use is null ? $"a blob of shape {Shape}" : $"{_use} of shape {Shape}");
        }
    }

    private void Keep(Replica replica) => _valid = [.. _valid, replica];

    private void KeepOnly(Replica? kept)
    {
        Replica[] before = _valid;
        if (before.Length == 0 || (before.Length == 1 && before[0] == kept)) return;
        _valid = kept is null ? [] : [kept];
        foreach (Replica replica in before)
            if (replica != kept)
                replica.Block.Dispose();
    }

    private void CheckAlive() => ObjectDisposedException.ThrowIf(_state == State.Disposed, this);

    private void CheckReadable()
    {
        CheckAlive();
        if (_state == State.Kept) return;
        throw new InvalidOperationException(_state == State.Released
            ? "the content was given up after its last use; ask the net to keep this blob"
            : "the content is lost: there was no memory to write what should replace it");
    }

    private void CheckFits(Layout layout)
    {
        if (!layout.Fits(Shape))
            throw new ShapeException($"a blob of shape {Shape} is not available in layout {layout}");
    }

    // What reading finds where no replica is valid: zeros, or an error.
    private enum State
    {
        Kept,
        Released,
        Lost,
        Disposed,
    }

    private sealed class Replica(Device device, Layout layout, MemoryBlock block)
    {
        public Device Device { get; } = device;

        public Layout Layout { get; } = layout;

        public MemoryBlock Block { get; } = block;
    }
}
