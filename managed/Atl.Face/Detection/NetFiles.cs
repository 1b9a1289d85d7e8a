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

    /// <summary>The net with its weights. A layer that keeps its filler's values would find faces at random.</summary>
    /// <exception cref="AtlException">Net and weights do not fit together.</exception>
    internal Net Load(NetOptions options)
    {
        // Every thread has a detector of its own; one of them warns.
        bool warns = Interlocked.Exchange(ref _warned, 1) == 0;
        return NetLoader.Load(Net, options, Weights is null ? null : [new WeightsFile(Name, Weights)],
            AllowMissingWeights, warns);
    }
}
