using Atl.Native;

namespace Atl.Operators;

/// <summary>A convolution's geometry as the native library reads it.</summary>
internal static class NativeGeometry
{
    /// <summary>A call that takes the description.</summary>
    public delegate Status Use(in NativeConvolutionShape shape);

    /// <summary>Describes a geometry for the length of one call.</summary>
    public static unsafe Status Describe(ConvolutionGeometry geometry, bool bias, bool training,
        ConvolutionAlgorithm algorithm, Use use)
    {
        // A convolution without spatial axes is one of single pixels.
        int axes = Math.Max(1, geometry.Input.NumAxes);
        long* values = stackalloc long[5 * axes];
        Shape[] rows = [geometry.Input, geometry.Kernel, geometry.Stride, geometry.Pad, geometry.Dilation];
        for (int row = 0; row < rows.Length; row++)
        {
            values[row * axes] = row == 3 ? 0 : 1;
            for (int axis = 0; axis < rows[row].NumAxes; axis++) values[row * axes + axis] = rows[row][axis];
        }
        NativeConvolutionShape shape = new()
        {
            SpatialAxes = axes,
            Bias = bias ? 1 : 0,
            Training = training ? 1 : 0,
            Plain = geometry.ChannelAxis == 1 && geometry.Input.NumAxes > 0 ? 0 : 1,
            Algorithm = algorithm,
            N = geometry.Images,
            InputChannels = geometry.InputChannels,
            OutputChannels = geometry.OutputChannels,
            Groups = geometry.Groups,
            Input = (nint)values,
            Kernel = (nint)(values + axes),
            Stride = (nint)(values + 2 * axes),
            Pad = (nint)(values + 3 * axes),
            Dilation = (nint)(values + 4 * axes),
        };
        return use(shape);
    }
}
