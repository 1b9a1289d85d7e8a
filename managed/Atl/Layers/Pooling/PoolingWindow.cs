using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>The windows that a pooling layer's parameters ask for, and how many of them an image has.</summary>
/// <param name="Kernel">The window's extent.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Pad">How far the first window begins outside the image.</param>
internal readonly record struct PoolingWindow(Extent2D Kernel, Extent2D Stride, Extent2D Pad)
{
    /// <summary>The windows for an image of a size.</summary>
    /// <exception cref="ShapeException">The parameters contradict one another.</exception>
    public static PoolingWindow Read(PoolingParameter given, int height, int width)
    {
        bool hasPair = given.HasKernelH || given.HasKernelW;
        Extent2D kernel, pad = Pair("pad", given.HasPad, given.Pad, given.HasPadH, given.PadH, given.HasPadW,
            given.PadW, whenAbsent: 0);
        Extent2D stride = Pair("stride", given.HasStride, given.Stride, given.HasStrideH, given.StrideH,
            given.HasStrideW, given.StrideW, whenAbsent: 1);
        if (given.GlobalPooling)
        {
            if (given.HasKernelSize || hasPair)
                throw new ShapeException("pooling_param: global_pooling covers the whole image; remove kernel_size, "
                    + "kernel_h and kernel_w");
            if (pad != new Extent2D(0, 0) || stride != new Extent2D(1, 1))
                throw new ShapeException("pooling_param: global_pooling requires pad 0 and stride 1");
            kernel = new Extent2D(height, width);
        }
        else
        {
            if (!given.HasKernelSize && !hasPair)
                throw new ShapeException("pooling_param needs kernel_size, or kernel_h and kernel_w");
            kernel = Pair("kernel", given.HasKernelSize, given.KernelSize, given.HasKernelH, given.KernelH,
                given.HasKernelW, given.KernelW, whenAbsent: 0);
        }
        if (kernel.Height < 1 || kernel.Width < 1)
            throw new ShapeException($"pooling_param: the kernel must be 1 or larger, found {kernel.Height} x "
                + $"{kernel.Width}");
        if (stride.Height < 1 || stride.Width < 1)
            throw new ShapeException($"pooling_param: the stride must be 1 or larger, found {stride.Height} x "
                + $"{stride.Width}");
        if (pad.Height >= kernel.Height || pad.Width >= kernel.Width)
            throw new ShapeException($"pooling_param: the padding {pad.Height} x {pad.Width} must be smaller than "
                + $"the kernel {kernel.Height} x {kernel.Width}");
        return new PoolingWindow(kernel, stride, pad);
    }

    /// <summary>
    /// The number of windows in each direction. A last window that would begin beyond the image is left out, as Caffe
    /// does with padding; without padding Caffe keeps it, and fills it with NaN: <paramref name="dropped"/> says that
    /// there was such a one.
    /// </summary>
    /// <exception cref="ShapeException">The image has no window.</exception>
    public Extent2D Count(int height, int width, bool floor, out bool dropped)
    {
        Extent2D count = new(
            Along(height, Kernel.Height, Stride.Height, Pad.Height, floor, out bool droppedRow),
            Along(width, Kernel.Width, Stride.Width, Pad.Width, floor, out bool droppedColumn));
        dropped = droppedRow || droppedColumn;
        if (count.Height < 1 || count.Width < 1)
            throw new ShapeException(
                $"the kernel {Kernel.Height} x {Kernel.Width} does not fit into an image of {height} x {width} with "
                    + $"padding {Pad.Height} x {Pad.Width}");
        return count;
    }

    private static int Along(int extent, int kernel, int stride, int pad, bool floor, out bool dropped)
    {
        double steps = ((double)extent + 2.0 * pad - kernel) / stride;
        double windows = (floor ? Math.Floor(steps) : Math.Ceiling(steps)) + 1;
        long count = (long)Math.Max(windows, 0);
        bool beyond = count > 1 && (count - 1) * stride >= (long)extent + pad;
        dropped = beyond && pad == 0;
        return Extents.Of(beyond ? count - 1 : count, $"the number of windows along an image of {extent}",
            "pooling_param");
    }

    private static Extent2D Pair(string name, bool hasOne, uint one, bool hasHeight, uint height, bool hasWidth,
        uint width, int whenAbsent)
    {
        string single = name == "kernel" ? "kernel_size" : name;
        if (hasOne && (hasHeight || hasWidth))
            throw new ShapeException($"pooling_param: give {single}, or {name}_h and {name}_w, not both");
        if (hasHeight != hasWidth)
            throw new ShapeException($"pooling_param: {name}_h and {name}_w must be given together");
        return hasOne ? new Extent2D((int)one, (int)one)
            : hasHeight ? new Extent2D((int)height, (int)width)
            : new Extent2D(whenAbsent, whenAbsent);
    }
}
