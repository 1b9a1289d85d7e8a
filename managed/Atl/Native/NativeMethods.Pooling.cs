using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary><c>atl_pooling</c> of atl/pooling.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PoolingDescription
{
    public long N;
    public long Channels;
    public long Height;
    public long Width;
    public long OutHeight;
    public long OutWidth;
    public long KernelH;
    public long KernelW;
    public long StrideH;
    public long StrideW;
    public long PadH;
    public long PadW;
    public Layout Layout;
}

// atl/pooling.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_pooling_max_forward")]
    internal static partial Status PoolingMaxForward(in PoolingDescription p, nint x, nint y, nint places);

    [LibraryImport(Library, EntryPoint = "atl_pooling_average_forward")]
    internal static partial Status PoolingAverageForward(in PoolingDescription p, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_pooling_average_backward")]
    internal static partial Status PoolingAverageBackward(in PoolingDescription p, nint dy, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_pooling_draw_forward")]
    internal static partial Status PoolingDrawForward(in PoolingDescription p, ulong key, ulong position, nint x, nint y, nint places);

    [LibraryImport(Library, EntryPoint = "atl_pooling_expectation_forward")]
    internal static partial Status PoolingExpectationForward(in PoolingDescription p, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_pooling_expectation_backward")]
    internal static partial Status PoolingExpectationBackward(in PoolingDescription p, nint x, nint y, nint dy, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_pooling_places_backward")]
    internal static partial Status PoolingPlacesBackward(in PoolingDescription p, nint dy, nint places, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_pooling_mask")]
    internal static partial Status PoolingMask(long count, nint places, nint mask);
}
