using System.Runtime.ExceptionServices;

namespace Atl.Nets;

/// <summary>
/// The connected layers of a net, as <see cref="NetBuilder"/> has built them; which they are does not change any more.
/// It owns layers and blobs.
/// </summary>
internal sealed class LayerGraph : IDisposable
{
    /// <summary>The layers in order.</summary>
    public required IReadOnlyList<NetNode> Nodes { get; init; }

    /// <summary>All blobs in the order of their making.</summary>
    public required IReadOnlyList<Blob> Blobs { get; init; }

    /// <summary>
    /// The blobs that a later value of the same name took the place of, for a layer in place may not write over them.
    /// </summary>
    public required IReadOnlyList<Blob> Superseded { get; init; }

    /// <summary>The tops of Input layers.</summary>
    public required IReadOnlyList<Blob> Inputs { get; init; }

    /// <summary>The tops that no layer reads, with their loss weights.</summary>
    public required IReadOnlyList<(Blob Blob, float LossWeight)> Outputs { get; init; }

    /// <summary>The learnable parameters; shared ones once.</summary>
    public required IReadOnlyList<LearnableParameter> Learnable { get; init; }

    /// <summary>The parameters that have a param name, by that name, the owner first.</summary>
    public required IReadOnlyDictionary<string, List<SharedParameter>> Shared { get; init; }

    /// <summary>The places at which shared memory would change a result.</summary>
    public required IReadOnlyList<Hazard> Hazards { get; init; }

    /// <summary>
    /// The notes on shared memory, and on results that differ in BVLC Caffe; only for nets built for their shapes.
    /// </summary>
    public required IReadOnlyList<string> HazardNotes { get; init; }

    /// <summary>Frees layers, blobs and parameters.</summary>
    public void Dispose() => Free(Nodes, Blobs.Concat(Superseded))?.Throw();

    /// <summary>Frees parameters, blobs and layers.</summary>
    /// <returns>The first failure, which the caller throws unless it has an error of its own.</returns>
    public static ExceptionDispatchInfo? Free(IReadOnlyCollection<NetNode> nodes, IEnumerable<Blob> blobs) =>
        Disposal.All(nodes.SelectMany(node => node.Layer.Blobs).Concat(blobs).Concat<IDisposable>(
            nodes.Select(node => node.Layer)));
}
