using Atl.Nets;
using Atl.Proto;

namespace Atl.Face.Detection;

/// <summary>A net and its weights, as their files say.</summary>
/// <param name="Net">The net.</param>
/// <param name="Weights">The weights; null for the values that the net's fillers draw.</param>
/// <param name="Name">What messages call it.</param>
public sealed record NetFiles(NetParameter Net, NetParameter? Weights, string Name)
{
    private int _warned;

    /// <summary>
    /// Whether layers for which the weights have none keep their fillers' values, with a warning; else they are an
    /// error.
    /// </summary>
    public bool AllowMissingWeights { get; init; }

    /// <summary>Reads a prototxt and a caffemodel.</summary>
    /// <exception cref="AtlException">A file is missing or holds something else.</exception>
    public static NetFiles Read(string prototxt, string caffemodel, TextFormatOptions? options = null) =>
        new(ProtoFiles.ReadNet(prototxt, options), ProtoFiles.ReadNetBinary(caffemodel), prototxt);

    // Every thread has a detector of its own; one of them warns.
    internal void Check(WeightsReport report)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0 || !AllowMissingWeights) report.Require(AllowMissingWeights);
    }
}
