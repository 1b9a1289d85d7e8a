namespace Atl.Fuzz.Running;

/// <summary>Where cases are written.</summary>
internal static class WorkFolder
{
    private const string Memory = "/dev/shm";
    private const long Enough = 4L << 30;

    /// <summary>A folder in memory where there is a large one, since most commands write files and wait for the
    /// disk.</summary>
    public static string Parent { get; } =
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > Enough ? Memory : Path.GetTempPath();
}
