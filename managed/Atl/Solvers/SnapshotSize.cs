using Atl.Layers;

namespace Atl.Solvers;

/// <summary>The size of a snapshot, in bytes of values.</summary>
/// <param name="Model">The weights; those that layers share are stored with each of them.</param>
/// <param name="State">The solver's history.</param>
/// <param name="Largest">The elements of the largest blob.</param>
internal readonly record struct SnapshotSize(long Model, long State, long Largest)
{
    /// <summary>The size of a net's snapshots.</summary>
    /// <param name="net">The net.</param>
    /// <param name="history">The numbers of elements of the history's blobs.</param>
    /// <param name="withDiff">Whether gradients are stored beside the weights.</param>
    public static SnapshotSize Of(Net net, IReadOnlyList<long> history, bool withDiff)
    {
        long[] parameters = [.. net.Layers.SelectMany((Layer layer) => layer.Blobs).Select(blob => blob.Count)];
        return Of(parameters, history, withDiff);
    }

    /// <summary>The size of a snapshot of parameters and history of so many elements each.</summary>
    public static SnapshotSize Of(IReadOnlyList<long> parameters, IReadOnlyList<long> history, bool withDiff) => new(
        checked(parameters.Sum() * sizeof(float) * (withDiff ? 2 : 1)), checked(history.Sum() * sizeof(float)),
        parameters.Concat(history).DefaultIfEmpty().Max());
}
