namespace Atl.Operators;

/// <summary>
/// The shapes of a convolution, or of the deconvolution that is its transpose. Images × InputChannels × Input becomes
/// Images × OutputChannels × Output, with Output = (Input + 2·Pad − Dilation·(Kernel − 1) − 1) / Stride + 1, rounded
/// down.
/// </summary>
/// <param name="Images">The number of images.</param>
/// <param name="InputChannels">The channels before the convolution.</param>
/// <param name="OutputChannels">The channels after it.</param>
/// <param name="Groups">The groups of channels that do not see one another.</param>
/// <param name="Input">The spatial extents before the convolution.</param>
/// <param name="Kernel">The kernel's extents.</param>
/// <param name="Stride">The steps between windows.</param>
/// <param name="Pad">The zeros before and after each axis.</param>
/// <param name="Dilation">The steps between the kernel's taps; 1: none is left out.</param>
/// <param name="ChannelAxis">The axis of the channels in the blobs; the axes before it are images.</param>
public sealed record ConvolutionGeometry(
    long Images, int InputChannels, int OutputChannels, int Groups, Shape Input, Shape Kernel, Shape Stride, Shape Pad,
    Shape Dilation, int ChannelAxis)
{
    /// <summary>The shape of the weights: OutputChannels × InputChannels / Groups × Kernel.</summary>
    public Shape WeightShape => new([OutputChannels, InputChannels / Groups, .. Kernel.Dims]);

    /// <summary>The extent of a padded, dilated window that must fit: Dilation·(Kernel − 1) + 1.</summary>
    public long Window(int axis) => Dilation[axis] * (Kernel[axis] - 1L) + 1;

    /// <summary>The number of elements of x.</summary>
    internal long InputCount => Extents.Times(Extents.Times(Images, InputChannels), Input.Count);

    /// <summary>The number of elements of y.</summary>
    internal long OutputCount
    {
        get
        {
            long count = Extents.Times(Images, OutputChannels);
            for (int axis = 0; axis < Input.NumAxes; axis++)
                count = Extents.Times(count,
                    Math.Max(0, (Input[axis] + 2L * Pad[axis] - Window(axis)) / Stride[axis] + 1));
            return count;
        }
    }
}
