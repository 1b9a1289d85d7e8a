namespace Atl.Nets;

/// <summary>
/// Gives blobs' memory back after its last use, so that activations whose lifetimes do not meet share memory. Tops of
/// layers without bottoms (inputs, data) stay, as do outputs and what the user asked to keep.
/// </summary>
internal sealed class BlobLifetimes
{
    private readonly IReadOnlyList<NetNode> _nodes;
    private readonly IReadOnlyList<Blob> _blobs;
    private readonly Dictionary<Blob, int> _firstMade = [];
    private readonly Dictionary<Blob, int> _lastRead = [];
    private readonly HashSet<Blob> _kept;
    private readonly List<Blob>[] _dieAfterForward;
    private readonly List<Blob>[] _dieAfterBackward;

    public BlobLifetimes(IReadOnlyList<NetNode> nodes, IReadOnlyList<Blob> blobs, IEnumerable<Blob> outputs,
        IReadOnlyCollection<string> keep)
    {
        _nodes = nodes;
        _blobs = blobs;
        _kept = [.. outputs, .. blobs.Where(blob => keep.Contains(blob.Name))];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (Blob blob in nodes[i].Bottom) _lastRead[blob] = i;
            foreach (Blob blob in nodes[i].Top)
            {
                _firstMade.TryAdd(blob, i);
                _lastRead[blob] = i;
                if (nodes[i].Bottom.Count == 0) _kept.Add(blob);
            }
        }
        _dieAfterForward = Group(_lastRead);
        _dieAfterBackward = Group(_firstMade);
    }

    /// <summary>Gives back the data that no layer after this one reads.</summary>
    public void AfterForward(int layer)
    {
        foreach (Blob blob in _dieAfterForward[layer])
            if (!SharedWith(blob, static b => b.Data.Memory, other => _lastRead[other] > layer))
                blob.Data.Memory.Release();
    }

    /// <summary>Gives back data and diffs of the tops that this layer was the first to make: no layer before it reads
    /// them.</summary>
    public void AfterBackward(int layer)
    {
        foreach (Blob blob in _dieAfterBackward[layer])
        {
            if (!SharedWith(blob, static b => b.Diff.Memory, other => _firstMade[other] < layer))
                blob.Diff.Memory.Reset();
            if (!SharedWith(blob, static b => b.Data.Memory, other => _firstMade[other] < layer))
                blob.Data.Memory.Release();
        }
    }

    // Whether a blob's memory is also that of another one that is kept or still needed; most memory is one blob's
    // alone.
    private bool SharedWith(Blob blob, Func<Blob, SyncedMemory> memory, Predicate<Blob> isNeeded) =>
        memory(blob).IsShared
        && _blobs.Any(other => other != blob && memory(other) == memory(blob)
            && (_kept.Contains(other) || isNeeded(other)));

    private List<Blob>[] Group(Dictionary<Blob, int> at)
    {
        List<Blob>[] groups = new List<Blob>[_nodes.Count];
        for (int i = 0; i < groups.Length; i++) groups[i] = [];
        foreach ((Blob blob, int layer) in at)
            if (!_kept.Contains(blob))
                groups[layer].Add(blob);
        return groups;
    }
}
