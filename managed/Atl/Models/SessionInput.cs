namespace Atl;

/// <summary>Values for an input of a run.</summary>
/// <param name="Name">The input blob's name.</param>
/// <param name="Values">The values in row-major order: as many as <paramref name="Shape"/> counts.</param>
/// <param name="Shape">The shape, N × C × H × W for images; empty for the shape that the input has.</param>
public readonly record struct SessionInput(string Name, ReadOnlyMemory<float> Values, params int[] Shape);
