using Atl.Devices;
using Atl.Native;

namespace Atl;

/// <summary>
/// A float32 array of a shape: half of a blob (its data or its diff). Several tensors may view the same memory, each
/// with a shape of its own (Split, Reshape, Flatten, shared parameters).
/// </summary>
/// <remarks>
/// <see cref="ToArray"/>, <see cref="CopyTo"/> and <see cref="CopyFrom(ReadOnlySpan{float})"/> copy; the loans
/// (<see cref="Borrow()"/>) do not, and keep the memory that they show until they end. An address is valid until the
/// next write, reshape or Dispose, and only as long as the tensor, its blob or its net is reachable: keep it so until
/// native code is done (<see cref="GC.KeepAlive"/>).
/// </remarks>
public sealed class Tensor : IDisposable
{
    private const int MostAtOnce = 1 << 24;

    private readonly MemoryUse? _use;
    private SyncedMemory _memory;

    /// <summary>A tensor of a shape with memory of its own, which is allocated when first used.</summary>
    public Tensor(Shape shape)
        : this(shape, null)
    {
    }

    /// <summary>A tensor of which errors say what it is for.</summary>
    internal Tensor(Shape shape, MemoryUse? use)
    {
        Shape = shape;
        _use = use;
        _memory = new SyncedMemory(shape, use);
    }

    /// <summary>The shape.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The number of elements.</summary>
    public long Count => Shape.Count;

    /// <summary>The memory that holds the elements; tensors that share it are views of the same elements.</summary>
    internal SyncedMemory Memory => _memory;

    /// <summary>Grows with every write.</summary>
    public long Version => _memory.Version;

    /// <summary>The layout in which the newest elements lie; plain for a view of memory of another shape.</summary>
    public Layout Layout => _memory.Shape.Equals(Shape) ? _memory.Layout : Layout.Plain;

    private bool IsView { get; set; }

    /// <summary>The address of the elements, to read, on a device in a layout.</summary>
    public nint Read(Device device, Layout layout = Layout.Plain) => _memory.Read(device, Checked(layout));

    /// <summary>The address of memory to write every element of, on a device in a layout; what was there before is
    /// lost.</summary>
    public nint Write(Device device, Layout layout = Layout.Plain) => _memory.Write(device, Checked(layout));

    /// <summary>The address of the elements, to read and to change, on a device in a layout.</summary>
    public nint ReadWrite(Device device, Layout layout = Layout.Plain) => _memory.ReadWrite(device, Checked(layout));

    /// <summary>Memory to write what is computed from <paramref name="source"/>: where both are the same memory, its
    /// elements stay to be read.</summary>
    internal nint WriteOver(Tensor source, Device device, Layout layout = Layout.Plain) =>
        source._memory == _memory ? ReadWrite(device, layout) : Write(device, layout);

    /// <summary>
    /// Whether the elements are available in a layout: plain always, others where they fit the shape and the memory is
    /// not viewed by another shape.
    /// </summary>
    public bool Accepts(Layout layout) => layout == Layout.Plain || (layout.Fits(Shape) && _memory.Shape.Equals(Shape));

    /// <summary>The layout for work on several tensors of one shape: that of the leader where all others are available
    /// in it, else plain.</summary>
    public static Layout CommonLayout(Tensor leader, params ReadOnlySpan<Tensor?> others)
    {
        Layout layout = leader.Layout;
        foreach (Tensor? other in others)
            if (other is not null && !other.Accepts(layout))
                return Layout.Plain;
        return layout;
    }

    /// <summary>A copy of the elements in row-major order.</summary>
    public float[] ToArray()
    {
        float[] copy = AsReadOnlySpan().ToArray();
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>Copies the elements in row-major order.</summary>
    /// <exception cref="ArgumentException">There is no room for all.</exception>
    public void CopyTo(Span<float> destination)
    {
        AsReadOnlySpan().CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <summary>Takes as many values as there are elements, in row-major order.</summary>
    /// <exception cref="ShapeException">There are more or fewer values.</exception>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        if (values.Length != Count)
            throw new ShapeException($"a blob of shape {Shape} has {Count} elements, found {values.Length} values");
        values.CopyTo(AsWriteOnlySpan());
        GC.KeepAlive(this);
    }

    /// <summary>The elements on the host in row-major order, to read.</summary>
    public ReadOnlyElementLoan Borrow()
    {
        int count = SpanLength();
        Read(Device.Cpu);
        return new(this, _memory.Lend(), 0, count);
    }

    /// <summary>Some of the elements on the host in row-major order, to read.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    public ReadOnlyElementLoan Borrow(long first, int count)
    {
        Checked(first, count);
        Read(Device.Cpu);
        return new(this, _memory.Lend(), first, count);
    }

    /// <summary>The elements on the host in row-major order, to read and to change.</summary>
    public ElementLoan BorrowToChange()
    {
        int count = SpanLength();
        ReadWrite(Device.Cpu);
        return new(this, _memory.Lend(), count);
    }

    /// <summary>Host memory in row-major order to write every element of.</summary>
    public ElementLoan BorrowToWrite()
    {
        int count = SpanLength();
        Write(Device.Cpu);
        return new(this, _memory.Lend(), count);
    }

    /// <summary>The elements on the host in row-major order, to read; valid until the next write, and while the tensor
    /// is reachable, as for all spans below.</summary>
    internal unsafe ReadOnlySpan<float> AsReadOnlySpan() => new((void*)Read(Device.Cpu), SpanLength());

    /// <summary>The elements on the host in row-major order, to read and to change.</summary>
    internal unsafe Span<float> AsSpan() => new((void*)ReadWrite(Device.Cpu), SpanLength());

    /// <summary>Host memory in row-major order to write every element of.</summary>
    internal unsafe Span<float> AsWriteOnlySpan() => new((void*)Write(Device.Cpu), SpanLength());

    /// <summary>The parts that all elements are visited in where there may be more than one span holds.</summary>
    public IEnumerable<(long First, int Count)> Parts() => Parts(Count);

    /// <summary>The parts that so many elements are visited in.</summary>
    internal static IEnumerable<(long First, int Count)> Parts(long elements)
    {
        for (long first = 0; first < elements; first += MostAtOnce)
            yield return (first, (int)Math.Min(MostAtOnce, elements - first));
    }

    /// <summary>The sum of a number for each part, for sums over all elements.</summary>
    /// <param name="of">What is summed.</param>
    internal double SumOfParts(Func<ReadOnlySpan<float>, double> of)
    {
        double sum = 0;
        foreach ((long first, int count) in Parts()) sum += of(AsReadOnlySpan(first, count));
        GC.KeepAlive(this);
        return sum;
    }

    /// <summary>Some of the elements on the host in row-major order, to read; valid until the next write.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    internal unsafe ReadOnlySpan<float> AsReadOnlySpan(long first, int count) =>
        new((float*)Read(Device.Cpu) + Checked(first, count), count);

    /// <summary>
    /// Host memory in row-major order to write every one of some elements of; what all elements held before is lost
    /// at the first such call after
    /// they were written elsewhere, so every part is to be written.
    /// </summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    internal unsafe Span<float> AsWriteOnlySpan(long first, int count) =>
        new((float*)Write(Device.Cpu) + Checked(first, count), count);

    /// <summary>Sets every element, on the host.</summary>
    public void Fill(float value) =>
        NativeMethods.Check(NativeMethods.Fill(Count, value, Write(Device.Cpu, Layout)), this);

    /// <summary>Sets every element to 0 on a device, in the layout that the tensor lies in.</summary>
    public void Zero(Device device)
    {
        device.Zero(Write(device, Layout), Count * sizeof(float));
        GC.KeepAlive(this);
    }

    /// <summary>Takes the elements of another tensor of the same count, on a device; the layout comes along where the
    /// shapes are equal.</summary>
    /// <exception cref="ShapeException">The counts differ.</exception>
    public void CopyFrom(Tensor source, Device device)
    {
        if (source.Count != Count)
            throw new ShapeException($"cannot copy a blob of shape {source.Shape} into one of shape {Shape}");
        if (source._memory == _memory) return;
        Layout layout = source.Shape.Equals(Shape) && _memory.Shape.Equals(Shape) ? source.Layout : Layout.Plain;
        nint from = source.Read(device, layout);
        device.Copy(from, Write(device, layout), Count * sizeof(float));
        GC.KeepAlive(source);
        GC.KeepAlive(this);
    }

    /// <summary>Takes another shape. The elements stay, in row-major order, where their number does; a view of another
    /// count gets memory of its own.</summary>
    public void Reshape(Shape shape)
    {
        if (shape.Equals(Shape)) return;
        if (!IsView)
        {
            _memory.Reshape(shape);
        }
        else if (shape.Count != Count)
        {
            LeaveView(shape);
        }
        Shape = shape;
    }

    /// <summary>
    /// Becomes a view of another tensor's elements; the shape stays. Tensors that view this one's former memory go on
    /// viewing that.
    /// </summary>
    /// <exception cref="ShapeException">The counts differ.</exception>
    public void Share(Tensor owner)
    {
        if (owner.Count != Count)
            throw new ShapeException($"a blob of shape {Shape} cannot share the memory of one of shape {owner.Shape}");
        if (owner._memory == _memory) return;
        owner._memory.Join();
        _memory.Leave();
        _memory = owner._memory;
        IsView = true;
    }

    /// <summary>Gets memory of its own where it is a view; the elements are not copied.</summary>
    internal void Unshare()
    {
        if (IsView) LeaveView(Shape);
    }

    /// <summary>Gives the memory back, unless it is another tensor's. Reading and writing are errors from then
    /// on.</summary>
    public void Dispose()
    {
        if (IsView) LeaveView(Shape);
        _memory.Dispose();
    }

    private void LeaveView(Shape shape)
    {
        _memory.Leave();
        _memory = new SyncedMemory(shape, _use);
        IsView = false;
    }

    private Layout Checked(Layout layout)
    {
        if (!Accepts(layout))
            throw new ShapeException($"a blob of shape {Shape} (memory of shape {_memory.Shape}) is not available in "
                + $"layout {layout}");
        return layout;
    }

    private long Checked(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        return first;
    }

    private int SpanLength() => Count <= int.MaxValue
        ? (int)Count
        : throw new ShapeException($"a blob of shape {Shape} has {Count} elements, expected at most "
            + $"{int.MaxValue} here");
}
