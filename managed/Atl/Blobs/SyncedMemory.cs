using Atl.Devices;

namespace Atl;

/// <summary>
/// The elements of a tensor, wherever they are: on the host or a device, in one layout or another. It knows which
/// copies hold the newest bytes and brings them where and how they are asked for; what is never asked for is never
/// allocated. Memory that nobody has written reads as zeros, as in Caffe. A copy counts only once it is whole:
/// where one fails, what was valid before stays so.
/// </summary>
/// <remarks>Not for use by several threads at once.</remarks>
public sealed class SyncedMemory : IDisposable
{
    // No list before the first use: most memory of a net that is made for its shapes is never used.
    private static readonly List<Replica> None = [];

    private readonly MemoryUse? _use;
    private List<Replica> _valid = None;
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
    public bool HasContent => _valid.Count > 0;

    /// <summary>The layout of the newest bytes, first the one that they were written in; plain where nothing was
    /// written.</summary>
    public Layout Layout => _valid.Count > 0 ? _valid[0].Layout : Layout.Plain;

    /// <summary>The device that the newest bytes were written on; null where nothing was written.</summary>
    public Device? Device => _valid.Count > 0 ? _valid[0].Device : null;

    /// <summary>Whether several tensors see this memory.</summary>
    internal bool IsShared => _users > 1;

    private long Bytes => Shape.Count * sizeof(float);

    /// <summary>The newest bytes, to read, on a device and in a layout.</summary>
    /// <exception cref="InvalidOperationException">The memory was given up by <see cref="Release"/>, or the last
    /// <see cref="Write"/> found no memory; and nothing was written since.</exception>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public nint Read(Device device, Layout layout)
    {
        foreach (Replica replica in _valid)
            if (replica.Device == device && replica.Layout == layout)
                return replica.Block.Pointer;
        CheckReadable();
        CheckFits(layout);
        if (_valid.Count == 0) return Add(device, layout, null).Block.Pointer;
        Replica here = _valid.Find(replica => replica.Device == device) ?? Add(device, _valid[0].Layout, _valid[0]);
        return (here.Layout == layout ? here : Add(device, layout, here)).Block.Pointer;
    }

    /// <summary>Memory to write all of, on a device and in a layout; what was there before is lost.</summary>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public nint Write(Device device, Layout layout)
    {
        CheckAlive();
        CheckFits(layout);
        Version++;
        Replica? kept = _valid.Find(replica => replica.Device == device && replica.Layout == layout);
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
        KeepOnly(_valid.Find(replica => replica.Device == device && replica.Layout == layout));
        return pointer;
    }

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
        else if (_valid.Count > 0 && !_valid.TrueForAll(replica => replica.Layout == Layout.Plain))
        {
            Device device = _valid[0].Device;
            Read(device, Layout.Plain);
            KeepOnly(_valid.Find(replica => replica.Device == device && replica.Layout == Layout.Plain));
        }
        Shape = shape;
    }

    /// <summary>Counts one more tensor that sees this memory.</summary>
    internal void Join() => _users++;

    /// <summary>Counts one tensor less; the last one gives the memory back.</summary>
    internal void Leave()
    {
        if (--_users == 0) Dispose();
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

    private void Keep(Replica replica)
    {
        if (_valid == None) _valid = [];
        _valid.Add(replica);
    }

    private void KeepOnly(Replica? kept)
    {
        if (_valid.Count == 0) return;
        foreach (Replica replica in _valid)
            if (replica != kept)
                replica.Block.Dispose();
        _valid.Clear();
        if (kept is not null) _valid.Add(kept);
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

    private sealed record Replica(Device Device, Layout Layout, MemoryBlock Block);
}
