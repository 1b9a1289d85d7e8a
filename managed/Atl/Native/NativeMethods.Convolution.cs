using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary><c>atl_convolution_pass</c> of atl/convolution.h.</summary>
internal enum ConvolutionPass
{
    Forward = 0,
    BackwardData = 1,
    BackwardWeights = 2,
}

/// <summary><c>atl_convolution_algorithm</c> of atl/convolution.h.</summary>
internal enum ConvolutionAlgorithm
{
    Auto = 0,
    Direct = 1,
    Winograd = 2,
    OneDnnWinograd = 3,
}

/// <summary><c>atl_convolution_shape</c> of atl/convolution.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ConvolutionShape
{
    public int SpatialAxes;
    public int Bias;
    public int Training;
    public int Plain;
    public ConvolutionAlgorithm Algorithm;
    public long N;
    public long InputChannels;
    public long OutputChannels;
    public long Groups;
    public long* Input;
    public long* Kernel;
    public long* Stride;
    public long* Pad;
    public long* Dilation;
}

/// <summary><c>atl_convolution_plan</c> of atl/convolution.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvolutionPlan
{
    public Layout XLayout;
    public Layout YLayout;
    public long PackedWeights;
    public long Workspace;
    public nint Algorithm;
}

// atl/convolution.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_convolution_create")]
    internal static partial Status ConvolutionCreate(in ConvolutionShape shape, out ConvolutionHandle made);

    [LibraryImport(Library, EntryPoint = "atl_convolution_free")]
    internal static partial Status ConvolutionFree(nint convolution);

    [LibraryImport(Library, EntryPoint = "atl_convolution_get_plan")]
    internal static partial Status ConvolutionGetPlan(ConvolutionHandle convolution, ConvolutionPass pass, out ConvolutionPlan plan);

    [LibraryImport(Library, EntryPoint = "atl_convolution_pack")]
    internal static partial Status ConvolutionPack(ConvolutionHandle convolution, ConvolutionPass pass, nint w, nint packed);

    [LibraryImport(Library, EntryPoint = "atl_convolution_forward")]
    internal static partial Status ConvolutionForward(ConvolutionHandle convolution, nint x, nint w, nint bias, nint y, nint workspace);

    [LibraryImport(Library, EntryPoint = "atl_convolution_backward_data")]
    internal static partial Status ConvolutionBackwardData(ConvolutionHandle convolution, nint dy, nint w, nint dx, nint workspace);

    [LibraryImport(Library, EntryPoint = "atl_convolution_backward_weights")]
    internal static partial Status ConvolutionBackwardWeights(ConvolutionHandle convolution, nint x, nint dy, nint dw, nint dbias, nint workspace);

    [LibraryImport(Library, EntryPoint = "atl_convolution_time")]
    internal static partial Status ConvolutionTime(ConvolutionHandle convolution, ConvolutionPass pass, int runs, out double seconds);

    [LibraryImport(Library, EntryPoint = "atl_channel_add")]
    internal static partial Status ChannelAdd(long n, long c, long spatial, Layout layout, nint bias, nint y);

    [LibraryImport(Library, EntryPoint = "atl_channel_sum")]
    internal static partial Status ChannelSum(long n, long c, long spatial, Layout layout, nint dy, nint sum);

    [LibraryImport(Library, EntryPoint = "atl_im2col")]
    internal static partial Status Im2col(in ConvolutionShape shape, nint x, nint columns);

    [LibraryImport(Library, EntryPoint = "atl_col2im")]
    internal static partial Status Col2im(in ConvolutionShape shape, nint columns, nint x);
}
