using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/tile.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_tile_forward")]
    internal static partial Status TileForward(long outer, long size, long tiles, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_tile_backward")]
    internal static partial Status TileBackward(long outer, long size, long tiles, nint dy, nint dx);
}
