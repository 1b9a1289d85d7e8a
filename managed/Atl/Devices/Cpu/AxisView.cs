namespace Atl.Devices.Cpu;

/// <summary>A tensor seen as outer × channels × inner around one axis.</summary>
/// <param name="Outer">The elements before the axis.</param>
/// <param name="Channels">The axis' extent.</param>
/// <param name="Inner">The elements after the axis.</param>
internal readonly record struct AxisView(long Outer, long Channels, long Inner)
{
    /// <summary>
    /// The layout that an operator along an axis works in: channels-last where the tensor lies so and the axis is that
    /// of the channels (positions then are rows), else plain.
    /// </summary>
    public static Layout LayoutFor(Tensor tensor, int axis) => axis == 1 && tensor.Layout == Layout.ChannelsLast
        ? Layout.ChannelsLast : Layout.Plain;

    /// <summary>The view in a layout that <see cref="LayoutFor"/> gave.</summary>
    public static AxisView Of(Shape shape, int axis, Layout layout) => layout == Layout.ChannelsLast
        ? new AxisView(shape[0] * shape.CountFrom(2), shape[1], 1)
        : new AxisView(shape.CountOf(0, axis), shape[axis], shape.CountFrom(axis + 1));
}
