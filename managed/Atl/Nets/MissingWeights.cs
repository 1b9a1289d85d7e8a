using Atl.Layers;

namespace Atl.Nets;

/// <summary>A layer of a net that found no weights, or not all of its own.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Parameters">The numbers of the parameters that keep their fillers' values.</param>
/// <param name="Nearest">
/// The name nearest to the layer's among those of the weights that the net has no layer for; null where none is near.
/// </param>
internal sealed record MissingWeights(Layer Layer, IReadOnlyList<int> Parameters, string? Nearest)
{
    /// <summary><c>'fc5'</c>, with the parameters where some were found, and the nearest name.</summary>
    public override string ToString() => $"'{Layer.Name}'{Details}";

    /// <summary>The same of a layer that is named already: <c>finds no weights (did you mean 'fc_5'?)</c>.</summary>
    public string Reason => $"finds no weights{Details}";

    private string Details
    {
        get
        {
            string some = Parameters.Count == Layer.Blobs.Count ? ""
                : Parameters.Count == 1 ? $" (parameter {Parameters[0]})"
                : $" (parameters {string.Join(", ", Parameters)})";
            return Nearest is null ? some : $"{some} (did you mean '{Nearest}'?)";
        }
    }
}
