using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>Files that say something of a result and are not the result: one that cannot be written is said, and costs
/// nothing else.</summary>
internal static class SideFile
{
    /// <summary>Writes one, or removes it.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="logger">The logger that is warned if it cannot be written.</param>
    /// <returns>Whether it was written.</returns>
    public static bool Try(string file, Action write, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (FileFault.Is(e) || e is AtlException)
        {
            logger.Error("side_file.cpp",
                $"{PathText.Show(file)} cannot be written, the command continues without it: {e.Message}");
            return false;
        }
    }
}
