using Atl.Operators;
using Atl.Proto;
using Google.Protobuf.Collections;

namespace Atl.Layers;

/// <summary>The windows that convolution_param asks for, one value for each spatial axis.</summary>
/// <param name="Kernel">The kernel's extents.</param>
/// <param name="Stride">The steps.</param>
/// <param name="Pad">The padding on both sides.</param>
/// <param name="Dilation">The steps between taps.</param>
internal sealed record SpatialWindow(Shape Kernel, Shape Stride, Shape Pad, Shape Dilation)
{
    /// <summary>Reads the fields: repeated values, one for all axes, or _h and _w for two.</summary>
    /// <param name="given">The message.</param>
    /// <param name="spatial">The number of spatial axes.</param>
    /// <param name="error">Makes the exception that is thrown where they contradict one another.</param>
    public static SpatialWindow Read(ConvolutionParameter given, int spatial, Func<string, LayerException> error)
    {
        if (given.KernelSize.Count == 0 && spatial > 0 && !(given.HasKernelH && given.HasKernelW))
            throw error("kernel_size, or both of kernel_h and kernel_w, must be given");
        SpatialWindow window = new(
            Values("kernel_size", "kernel", given.KernelSize, given.HasKernelH, given.KernelH, given.HasKernelW,
                given.KernelW, 0),
            Values("stride", "stride", given.Stride, given.HasStrideH, given.StrideH, given.HasStrideW,
                given.StrideW, 1),
            Values("pad", "pad", given.Pad, given.HasPadH, given.PadH, given.HasPadW, given.PadW, 0),
            Values("dilation", "dilation", given.Dilation, false, 0, false, 0, 1));
        for (int i = 0; i < spatial; i++)
        {
            if (window.Kernel[i] == 0) throw error("kernel_size must be positive");
            if (window.Stride[i] == 0) throw error("stride must be positive");
            if (window.Dilation[i] == 0) throw error("dilation must be positive");
        }
        return window;

        Shape Values(string name, string prefix, RepeatedField<uint> repeated, bool hasH, uint h, bool hasW, uint w,
            int otherwise)
        {
            if (hasH || hasW)
            {
                if (spatial != 2) throw error($"{prefix}_h and {prefix}_w are for 2 spatial axes, found {spatial}");
                if (repeated.Count > 0) throw error($"{name} and {prefix}_h/{prefix}_w must not both be given");
                return new Shape(hasH ? Number(prefix + "_h", h, error) : otherwise, hasW
                    ? Number(prefix + "_w", w, error) : otherwise);
            }
            if (repeated.Count > 1 && repeated.Count != spatial)
                throw error($"{name} must be given once, or once for each of the {spatial} spatial axes, found "
                    + $"{repeated.Count} values");
            int[] values = new int[spatial];
            for (int i = 0; i < spatial; i++) values[i] = repeated.Count == 0 ? otherwise
                : Number(name, repeated[repeated.Count == 1 ? 0 : i], error);
            return new Shape(values);
        }
    }

    /// <summary>A field's value as a signed number.</summary>
    public static int Number(string name, uint value, Func<string, LayerException> error) =>
        value <= int.MaxValue ? (int)value : throw error($"{name} must be below 2^31, found {value}");

    /// <summary>Checks that the windows of a geometry fit into its padded input, and counts them on each
    /// axis.</summary>
    public static int[] Count(ConvolutionGeometry geometry, Func<string, LayerException> error)
    {
        int[] extents = new int[geometry.Input.NumAxes];
        for (int i = 0; i < extents.Length; i++)
        {
            long padded = geometry.Input[i] + 2L * geometry.Pad[i];
            if (padded < geometry.Window(i))
                throw error($"the kernel spans {geometry.Window(i)} along spatial axis {i}, more than the padded "
                    + $"bottom's {padded}");
            extents[i] = Extents.Of(
                (padded - geometry.Window(i)) / geometry.Stride[i] + 1, $"the number of windows along spatial axis {i}",
                "convolution_param.pad");
        }
        return extents;
    }
}
