namespace Atl.Native;

/// <summary><c>atl_status</c> of atl/types.h.</summary>
internal enum Status
{
    Ok = 0,
    InvalidArgument = 1,
    OutOfMemory = 2,
    Unsupported = 3,
    Internal = 4,
}
