namespace Atl.Devices;

/// <summary>
/// A tensor's elements in a layout that an operator insists on. If the tensor is not available in it (a view of memory
/// of another shape) the elements go through memory that is borrowed for the time.
/// </summary>
internal readonly struct LayoutAccess : IDisposable
{
    private readonly Device _device;
    private readonly Tensor? _written;
    private readonly Layout _layout;
    private readonly MemoryBlock? _borrowed;

    private LayoutAccess(Device device, Layout layout, nint pointer, MemoryBlock? borrowed, Tensor? written)
    {
        _device = device;
        _layout = layout;
        _borrowed = borrowed;
        _written = written;
        Pointer = pointer;
    }

    /// <summary>The address of the elements.</summary>
    public nint Pointer { get; }

    /// <summary>The elements, to read.</summary>
    public static LayoutAccess Read(Device device, Tensor tensor, Layout layout)
    {
        if (tensor.Accepts(layout)) return new LayoutAccess(device, layout, tensor.Read(device, layout), null, null);
        nint plain = tensor.Read(device);
        MemoryBlock borrowed = device.Allocate(tensor.Count * sizeof(float));
        device.Reorder(tensor.Shape, Layout.Plain, plain, layout, borrowed.Pointer);
        return new LayoutAccess(device, layout, borrowed.Pointer, borrowed, null);
    }

    /// <summary>Room for all elements, which <see cref="Finish"/> hands to the tensor.</summary>
    public static LayoutAccess Write(Device device, Tensor tensor, Layout layout)
    {
        if (tensor.Accepts(layout)) return new LayoutAccess(device, layout, tensor.Write(device, layout), null, null);
        MemoryBlock borrowed = device.Allocate(tensor.Count * sizeof(float));
        return new LayoutAccess(device, layout, borrowed.Pointer, borrowed, tensor);
    }

    /// <summary>Says that all elements are written.</summary>
    public void Finish()
    {
        if (_written is not null)
            _device.Reorder(_written.Shape, _layout, Pointer, Layout.Plain, _written.Write(_device));
    }

    /// <summary>Gives borrowed memory back.</summary>
    public void Dispose() => _borrowed?.Dispose();
}
