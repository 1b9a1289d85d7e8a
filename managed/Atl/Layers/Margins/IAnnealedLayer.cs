namespace Atl.Layers;

/// <summary>A layer with a weight λ that is annealed over its forwards, such as MarginInnerProduct.</summary>
internal interface IAnnealedLayer : ICountingLayer
{
    /// <summary>λ of the last forward; before the first, what it will be in the first.</summary>
    float Lambda { get; }
}
