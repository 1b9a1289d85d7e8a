using System.Globalization;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// The two files of a snapshot, <c>prefix_iter_N.caffemodel</c> and <c>prefix_iter_N.solverstate</c>, with <c>.h5</c> behind them where they are
/// HDF5. Both are written whole to temporary names
/// and reach the disk before either takes its name: weights first, then the state that names them. A process killed at any moment leaves
/// the last complete pair, and never a state beside weights that are not its own.
/// </summary>
internal static class SnapshotFiles
{
    private const string Fresh = ".new";
    private const string Hdf5 = ".h5";

    public static string ModelPath(string prefix, int iteration, bool hdf5 = false) => PathOf(prefix, iteration, "caffemodel" + (hdf5 ? Hdf5 : ""));

    public static string StatePath(string prefix, int iteration, bool hdf5 = false) => PathOf(prefix, iteration, "solverstate" + (hdf5 ? Hdf5 : ""));

    /// <summary>Writes the pair; the messages are asked for one after the other, so that the weights' need not live beside the state's.</summary>
    /// <exception cref="AtlException">A file cannot be written; whatever was there before is as it was.</exception>
    public static void Write(string modelPath, Func<NetParameter> model, string statePath, Func<SolverState> state)
    {
        try
        {
            if (modelPath.EndsWith(Hdf5, StringComparison.Ordinal))
            {
                ProtoFiles.WriteWeightsHdf5(modelPath + Fresh, model());
                ProtoFiles.WriteSolverStateHdf5(statePath + Fresh, state());
            }
            else
            {
                ProtoFiles.WriteNetBinary(modelPath + Fresh, model());
                ProtoFiles.WriteSolverState(statePath + Fresh, state());
            }
            // A state of an earlier run under this name must not be met beside the new weights, not even for a moment.
            File.Delete(statePath);
            File.Move(modelPath + Fresh, modelPath, overwrite: true);
            File.Move(statePath + Fresh, statePath, overwrite: true);
        }
        catch (Exception e)
        {
            Discard(modelPath + Fresh);
            Discard(statePath + Fresh);
            if (e is IOException or UnauthorizedAccessException) throw new SolverException($"{modelPath}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Makes sure that files of this prefix can be written, by writing one.</summary>
    /// <exception cref="SolverException">They cannot.</exception>
    public static void CheckWritable(SolverParameter parameter)
    {
        string probe = $"{parameter.SnapshotPrefix}_probe_{Environment.ProcessId}.tmp";
        try
        {
            using FileStream stream = new(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SolverException.At(
                parameter, SolverParameter.SnapshotPrefixFieldNumber,
                $"cannot write to snapshot_prefix '{PathText.Show(parameter.SnapshotPrefix)}', expected an existing folder that is writable: "
                    + PathText.Show(e.Message) + PathText.Hint(parameter.SnapshotPrefix));
        }
    }

    /// <summary>What to say of a snapshot_prefix whose folder is not here, with its place; null where there is nothing to say.</summary>
    public static string? MissingFolder(SolverParameter parameter)
    {
        string? folder = Path.GetDirectoryName(parameter.SnapshotPrefix);
        if (string.IsNullOrEmpty(folder) || Directory.Exists(folder)) return null;
        string place = SourceMap.Find(parameter, SolverParameter.SnapshotPrefixFieldNumber) is { } at ? $"{at}: " : "";
        return $"{place}the folder '{PathText.Show(folder)}' of snapshot_prefix is not here: make it, or train where it is"
            + $"{PathText.Hint(folder)}";
    }

    /// <summary>Where the weights of a state are: as its learned_net says, else beside the state under that file name.</summary>
    /// <exception cref="SolverException">They are in neither place.</exception>
    public static string FindModel(string statePath, string learnedNet)
    {
        if (File.Exists(learnedNet)) return learnedNet;
        string beside = Path.Combine(Path.GetDirectoryName(statePath) ?? "", Path.GetFileName(learnedNet));
        if (File.Exists(beside)) return beside;
        string nowhere = beside == learnedNet ? $"not in {beside}" : $"in neither {learnedNet} nor {beside}";
        throw new SolverException(
            $"{statePath}: its weights are {nowhere}, expected the caffemodel that was written with the state");
    }

    private static string PathOf(string prefix, int iteration, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}_iter_{iteration}.{extension}");

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
