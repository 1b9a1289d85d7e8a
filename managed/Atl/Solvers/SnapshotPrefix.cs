using Atl.Proto;

namespace Atl.Solvers;

/// <summary>With what the names of a solver's snapshots begin.</summary>
internal static class SnapshotPrefix
{
    /// <summary>
    /// As Caffe completes it: a snapshot_prefix that is a folder gets the name of the solver's file in it, and a solver
    /// without one has that of its file. Null where there is neither.
    /// </summary>
    /// <param name="parameter">The solver.</param>
    /// <param name="file">Its file; null where it has none.</param>
    public static string? Of(SolverParameter parameter, string? file)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!parameter.HasSnapshotPrefix) return file is null ? null : Path.ChangeExtension(file, null);
        return file is not null && Directory.Exists(parameter.SnapshotPrefix)
            ? Path.Combine(parameter.SnapshotPrefix, Path.GetFileNameWithoutExtension(file))
            : parameter.SnapshotPrefix;
    }
}
