using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/rows.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_rows_gather")]
    internal static partial Status RowsGather(long count, long size, long rows, ReadOnlySpan<int> numbers, nint table, nint bias, nint y);

    [LibraryImport(Library, EntryPoint = "atl_rows_scatter")]
    internal static partial Status RowsScatter(long count, long size, long rows, ReadOnlySpan<int> numbers, nint dy, nint dtable);
}
