using System.Text;
using Atl.Data;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Faces;

/// <summary>
/// The file that lists images that failed: one line each, its name (<see cref="QuotedName"/>), a tab, and the reason.
/// One that cannot be written is said, and ends nothing.
/// </summary>
internal static class FailureList
{
    /// <summary>Writes the list in place of one that is there; where nothing failed there is none.</summary>
    /// <param name="file">The list.</param>
    /// <param name="failed">What failed.</param>
    /// <param name="logger">The logger that is warned if the list cannot be written.</param>
    public static void Write(string file, IReadOnlyCollection<(string Name, string Reason)> failed,
        ILogger logger) =>
        SideFile.Try(file, () => Put(file, failed), logger);

    /// <summary>
    /// Writes the list of a folder that several runs share, at once or one after the other: what others have listed
    /// stays.
    /// </summary>
    /// <param name="file">The list.</param>
    /// <param name="failed">What failed in this run.</param>
    /// <param name="isSettled">Whether an image that another run has listed is no failure any more, by its
    /// name.</param>
    /// <param name="logger">The logger that is warned if the list cannot be written.</param>
    public static void Merge(string file, IReadOnlyCollection<(string Name, string Reason)> failed,
        Predicate<string> isSettled, ILogger logger) => SideFile.Try(file, () =>
    {
        if (failed.Count == 0 && !File.Exists(file)) return;
        using OutputLock only = OutputLock.Wait(file);
        string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        IEnumerable<(string Name, string Reason)> others = lines
            .Select(line => line.IndexOf('\t') is > 0 and var tab ? (QuotedName.Parse(line[..tab]), line[(tab + 1)..])
                : (QuotedName.Parse(line), ""))
            .Where(entry => entry.Item1.Length > 0 && !isSettled(entry.Item1));
        Put(file, [.. others, .. failed]);
    }, logger);

    private static void Put(string file, IReadOnlyCollection<(string Name, string Reason)> failed)
    {
        if (failed.Count == 0)
            File.Delete(file);
        else
            SharedFile.Write(file, Encoding.UTF8.GetBytes(string.Concat(failed.Select(Line))), replace: true);
    }

    private static string Line((string Name, string Reason) failure) =>
        $"{QuotedName.Of(failure.Name)}\t{failure.Reason.ReplaceLineEndings(" ")}\n";
}
