using System.Globalization;
using Atl.Logging;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Solvers;

/// <summary>
/// The snapshots of one prefix that are on the disk: exactly the names that <see cref="SnapshotFiles"/> gives, so that
/// <c>face</c> has no part in those of <c>face_b</c>.
/// </summary>
internal static class SnapshotPairs
{
    private const string Middle = "_iter_";

    /// <summary>
    /// The states of a prefix, whether or not their weights are there: the highest iteration first; of one iteration
    /// the file that was written last.
    /// </summary>
    public static IReadOnlyList<SnapshotPair> Find(string prefix) =>
    [
        .. Names(prefix, "").OrderByDescending(pair => pair.Iteration)
            .ThenByDescending(pair => File.GetLastWriteTimeUtc(pair.StatePath)),
    ];

    /// <summary>Checks that both files of a snapshot can be read, and that they belong together.</summary>
    /// <exception cref="AtlException">They cannot, or they do not.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static void Verify(SnapshotPair pair)
    {
        SolverState state = ProtoFiles.ReadSolverState(pair.StatePath);
        if (state.Iter != pair.Iteration)
            throw new SolverException(
                $"{pair.StatePath}: the state of iteration {state.Iter}, expected that of iteration "
                    + $"{pair.Iteration} in a file of this name");
        string expected = Path.GetFileName(pair.ModelPath);
        // Somebody may have renamed both; with checksums, which weights are its own is known.
        if (!state.HasLearnedNetChecksum && Path.GetFileName(state.LearnedNet) != expected)
            throw new SolverException(
                $"{pair.StatePath}: its weights are called '{PathText.Show(state.LearnedNet)}', expected {expected}");
        string model = SnapshotFiles.FindModel(pair.StatePath, state);
        // The checksums first, which need not understand what is damaged.
        if (SnapshotChecksums.Fault(state, model) is { } fault) throw new SolverException($"{pair.StatePath}: {fault}");
        WeightsFile.Read(model);
    }

    /// <summary>
    /// Removes the snapshots that are older than one that was just written, but for the newest; pairs alone, so that
    /// weights without a state stay. What cannot be removed is a warning.
    /// </summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="iteration">The snapshot that was written.</param>
    /// <param name="keep">How many snapshots stay, the one that was written among them.</param>
    /// <param name="stuck">The files that could not be removed before, which are tried again without a word.</param>
    /// <param name="logger">The logger that is warned of those that cannot be removed.</param>
    public static void RemoveOlder(string prefix, int iteration, int keep, ISet<string> stuck, ILogger logger)
    {
        ILookup<int, SnapshotPair> pairs = Names(prefix, "").ToLookup(pair => pair.Iteration);
        IEnumerable<int> old = pairs.Select(group => group.Key).Where(i => i < iteration).OrderDescending()
            .Skip(keep - 1);
        foreach (SnapshotPair pair in old.SelectMany(i => pairs[i]))
        {
            try
            {
                // The state first: one without weights would look like a damaged snapshot.
                File.Delete(pair.StatePath);
                File.Delete(pair.ModelPath);
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                if (stuck.Add(pair.StatePath))
                    logger.Warning("snapshot_pairs.cpp",
                        $"an older snapshot cannot be removed and stays (said once): {PathText.Show(e.Message)}");
            }
        }
    }

    /// <summary>
    /// Finishes snapshots that a kill or a power loss has caught when both files were complete, and removes what it has
    /// left half written. No other process may be writing snapshots of this prefix.
    /// </summary>
    public static void Recover(string prefix, ILogger logger)
    {
        foreach (SnapshotPair pair in Leftovers(prefix))
        {
            string freshState = pair.StatePath + SnapshotFiles.Fresh, freshModel = pair.ModelPath + SnapshotFiles.Fresh;
            try
            {
                // While the old state has its name, the old pair is whole.
                if (!File.Exists(pair.StatePath)
                    && IsWhole(freshState, File.Exists(freshModel) ? freshModel : pair.ModelPath))
                {
                    SnapshotFiles.TakeNames(pair.ModelPath, pair.StatePath);
                    logger.Info("snapshot_pairs.cpp",
                        $"{pair.StatePath}: a snapshot that an earlier run had written and not yet given its "
                        + $"name is complete");
                }
                SnapshotFiles.Discard(pair.ModelPath, pair.StatePath);
            }
            catch (Exception e) when (FileFault.Is(e))
            {
                logger.Warning("snapshot_pairs.cpp",
                    $"{pair.StatePath}: what an earlier run has left cannot be finished: "
                    + $"{PathText.Show(e.Message)}");
            }
        }
    }

    private static IReadOnlyList<SnapshotPair> Leftovers(string prefix)
    {
        string[] endings = [SnapshotFiles.Fresh, SnapshotFiles.Fresh + AtomicFile.Unfinished];
        return [.. endings.SelectMany(ending => Names(prefix, ending)).Distinct()];
    }

    // Whether a state can be read and has its own history and weights by their checksums.
    private static bool IsWhole(string state, string model)
    {
        if (!File.Exists(state) || !File.Exists(model)) return false;
        try
        {
            SolverState message = ProtoFiles.ReadSolverState(state);
            return message.HasHistoryChecksum && message.HasLearnedNetChecksum
                && SnapshotChecksums.Fault(message, model) is null;
        }
        catch (AtlException)
        {
            return false;
        }
    }

    // The pairs of which a file, of weights or state, has the ending behind its name; without an ending states count.
    private static HashSet<SnapshotPair> Names(string prefix, string ending)
    {
        HashSet<SnapshotPair> found = [];
        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } named ? named : ".";
        string start = Path.GetFileName(prefix) + Middle;
        if (!Directory.Exists(folder)) return found;
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (!name.StartsWith(start, StringComparison.Ordinal) || !name.EndsWith(ending, StringComparison.Ordinal))
                continue;
            string rest = name[start.Length..^ending.Length];
            int dot = rest.IndexOf('.', StringComparison.Ordinal);
            // As the solver writes numbers: without sign or zeros in front.
            if (dot < 0
                || !int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int iteration)
                || rest[..dot] != iteration.ToString(CultureInfo.InvariantCulture)) continue;
            foreach (bool hdf5 in (bool[])[false, true])
            {
                SnapshotPair pair = new(
                    iteration, SnapshotFiles.StatePath(prefix, iteration, hdf5),
                    SnapshotFiles.ModelPath(prefix, iteration, hdf5));
                bool isState = Path.GetFileName(pair.StatePath) == start + rest,
                    isModel = Path.GetFileName(pair.ModelPath) == start + rest;
                if (isState || (isModel && ending.Length > 0)) found.Add(pair);
            }
        }
        return found;
    }
}
