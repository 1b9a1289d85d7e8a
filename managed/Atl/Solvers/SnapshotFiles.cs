using System.Globalization;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// The two files of a snapshot, <c>prefix_iter_N.caffemodel</c> and <c>prefix_iter_N.solverstate</c>, with <c>.h5</c>
/// behind them where they are HDF5. Both are written whole to temporary names
/// and reach the disk before either takes its name: weights first, then the state that names them. A process killed, or
/// a power loss, at any moment leaves the last complete pair, and never a state beside weights that are not its own;
/// what a kill between the two renames leaves is finished by <see cref="SnapshotPairs.Recover"/>.
/// </summary>
internal static class SnapshotFiles
{
    /// <summary>The suffix of a file's name until the whole pair is on the disk.</summary>
    public const string Fresh = ".new";

    private const string Hdf5 = ".h5";

    public static string ModelPath(string prefix, int iteration, bool hdf5 = false) =>
        PathOf(prefix, iteration, "caffemodel" + (hdf5 ? Hdf5 : ""));

    public static string StatePath(string prefix, int iteration, bool hdf5 = false) =>
        PathOf(prefix, iteration, "solverstate" + (hdf5 ? Hdf5 : ""));

    /// <summary>
    /// Writes the pair; the messages are asked for one after the other, so that the weights' need not live beside the
    /// state's. The state is given the checksums of both.
    /// </summary>
    /// <exception cref="AtlException">A file cannot be written; whatever was there before is as it was.</exception>
    /// <param name="modelPath">The weights' file.</param>
    /// <param name="model">Gives the weights.</param>
    /// <param name="statePath">The state's file.</param>
    /// <param name="state">Gives the state.</param>
    /// <param name="isLast">
    /// Whether no other snapshot follows: then the weights, which are what was trained for, stay where their state
    /// cannot be written.
    /// </param>
    public static void Write(
        string modelPath, Func<NetParameter> model, string statePath, Func<SolverState> state, bool isLast = false)
    {
        bool hasWeights = false, complete = false;
        try
        {
            bool hdf5 = modelPath.EndsWith(Hdf5, StringComparison.Ordinal);
            CheckNoFolder(modelPath);
            if (hdf5)
                ProtoFiles.WriteWeightsHdf5(modelPath + Fresh, model());
            else
                ProtoFiles.WriteNetBinary(modelPath + Fresh, model());
            hasWeights = true;
            CheckNoFolder(statePath);
            SolverState message = state();
            SnapshotChecksums.Add(message, modelPath + Fresh);
            if (hdf5)
                ProtoFiles.WriteSolverStateHdf5(statePath + Fresh, message);
            else
                ProtoFiles.WriteSolverState(statePath + Fresh, message);
            complete = true;
            RemoveState(statePath);
            TakeNames(modelPath, statePath);
        }
        catch (Exception e) when (isLast && hasWeights && !complete)
        {
            Discard(statePath);
            RemoveState(statePath);
            TakeName(modelPath);
            string reason = e is AtlException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            throw new SolverException($"{reason}; the weights are in {modelPath}, without a state to resume from", e);
        }
        catch (Exception e)
        {
            // What is complete may be all that is left by now.
            if (!complete) Discard(modelPath, statePath);
            if (FileFault.Is(e)) throw new SolverException($"{modelPath}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>
    /// Gives a complete pair its names, of which the weights may have theirs already. The folder reaches the disk after
    /// each, or a power loss could keep the second and not the first.
    /// </summary>
    /// <exception cref="IOException">A file cannot be renamed.</exception>
    public static void TakeNames(string modelPath, string statePath)
    {
        if (File.Exists(modelPath + Fresh)) TakeName(modelPath);
        TakeName(statePath);
    }

    /// <summary>Removes what a pair that was not finished has left under temporary names.</summary>
    public static void Discard(string modelPath, string statePath)
    {
        Discard(modelPath);
        Discard(statePath);
    }

    /// <summary>Makes sure that files of this prefix can be written, by writing one.</summary>
    /// <exception cref="SolverException">They cannot.</exception>
    public static void CheckWritable(SolverParameter parameter)
    {
        string probe = Probe(parameter);
        try
        {
            using FileStream stream = new(
                probe, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw SolverException.At(
                parameter, SolverParameter.SnapshotPrefixFieldNumber,
                $"cannot write to snapshot_prefix '{PathText.Show(parameter.SnapshotPrefix)}', expected an existing "
                    + "folder that is writable: "
                    + PathText.Show(e.Message) + PathText.Hint(parameter.SnapshotPrefix));
        }
    }

    /// <summary>
    /// The message for a snapshot_prefix whose folder is missing, with its place; null if the folder exists.
    /// </summary>
    public static string? MissingFolder(SolverParameter parameter)
    {
        string? folder = Path.GetDirectoryName(parameter.SnapshotPrefix);
        if (string.IsNullOrEmpty(folder) || Directory.Exists(folder)) return null;
        string place = SourceMap.Find(parameter, SolverParameter.SnapshotPrefixFieldNumber) is { } at ? $"{at}: " : "";
        return $"{place}the folder '{PathText.Show(folder)}' of snapshot_prefix does not exist: create it, or train in "
            + $"the folder that has it{PathText.Hint(folder)}";
    }

    /// <summary>
    /// Finds the weights of a state. A file of their name beside the state comes first, so that a moved or copied
    /// folder is complete; learned_net comes second.
    /// </summary>
    /// <exception cref="SolverException">They are in neither place.</exception>
    public static string FindModel(string statePath, string learnedNet)
    {
        string beside = Path.Combine(Path.GetDirectoryName(statePath) ?? "", Path.GetFileName(learnedNet));
        foreach (string path in (string[])[beside, learnedNet])
            if (PathKinds.Of(path) is not (PathKind.Absent or PathKind.Folder))
            {
                PathKinds.CheckRegular(path, "weights");
                return path;
            }
        string nowhere = beside == learnedNet ? $"not in {beside}" : $"in neither {beside} nor {learnedNet}";
        throw new SolverException(
            $"{statePath}: its weights are {nowhere}, expected the caffemodel that was written with the state");
    }

    /// <summary>
    /// Finds the weights of a state (<see cref="FindModel(string, string)"/>), even if both were renamed: then the file
    /// of the state's name is theirs if it has their checksum.
    /// </summary>
    /// <exception cref="SolverException">They are in none of these places.</exception>
    public static string FindModel(string statePath, SolverState state)
    {
        string name = Path.GetFileName(statePath).Replace(".solverstate", ".caffemodel", StringComparison.Ordinal);
        string renamed = Path.Combine(Path.GetDirectoryName(statePath) ?? "", name);
        bool isOwn = name != Path.GetFileName(state.LearnedNet) && PathKinds.Of(renamed) == PathKind.File
            && state.HasLearnedNetChecksum && SnapshotChecksums.Fault(state, renamed) is null;
        return isOwn ? renamed : FindModel(statePath, state.LearnedNet);
    }

    // As long as the longest name of a snapshot, which may be too long for the file system. One name for all runs: what
    // a kill leaves, the next one removes.
    private static string Probe(SolverParameter parameter)
    {
        const string Start = "_probe", End = ".tmp";
        int longest = StatePath(parameter.SnapshotPrefix, Math.Max(parameter.MaxIter, 1), hdf5: true).Length
            + Fresh.Length + AtomicFile.Unfinished.Length;
        return parameter.SnapshotPrefix + Start.PadRight(longest - parameter.SnapshotPrefix.Length - End.Length, '_')
            + End;
    }

    private static void Discard(string path)
    {
        Delete(path + Fresh);
        Delete(path + Fresh + AtomicFile.Unfinished);
    }

    private static void TakeName(string path)
    {
        File.Move(path + Fresh, path, overwrite: true);
        FolderSync.FlushFolderOf(path);
    }

    // A state of an earlier run under this name must not be met beside the new weights, not even for a moment.
    // A file that is written could not take its name.
    private static void CheckNoFolder(string path)
    {
        if (PathKinds.Of(path) == PathKind.Folder)
            throw new SolverException($"{PathText.Show(path)}: a folder, expected room for a snapshot's file; move "
                + "the folder away");
    }

    private static void RemoveState(string statePath)
    {
        if (!File.Exists(statePath)) return;
        File.Delete(statePath);
        FolderSync.FlushFolderOf(statePath);
    }

    private static string PathOf(string prefix, int iteration, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}_iter_{iteration}.{extension}");

    // What stays is replaced by the next snapshot of this name.
    private static void Delete(string path) => FileFault.Ignore(() => File.Delete(path));
}
