namespace Atl.Nets;

/// <summary>The cost of one layer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Tops">Its tops and their shapes.</param>
/// <param name="Parameters">The shapes of its parameters.</param>
/// <param name="ParameterCount">The elements of its parameters, those shared with other layers among them.</param>
/// <param name="MultiplyAdds">The multiply-add pairs of one forward of the whole batch,
/// <see cref="Layers.Layer.MultiplyAdds"/>.</param>
/// <param name="ActivationBytes">The memory of the tops that no layer before it holds: 0 in place and for
/// views.</param>
public sealed record LayerSummary(
    string Name, string Type, IReadOnlyList<BlobSummary> Tops, IReadOnlyList<IReadOnlyList<int>> Parameters,
    long ParameterCount, long MultiplyAdds, long ActivationBytes);
