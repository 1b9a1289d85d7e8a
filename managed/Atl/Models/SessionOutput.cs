namespace Atl;

/// <summary>Memory of the caller's for a blob's values after a run.</summary>
/// <param name="Name">An output, or an inner blob (<see cref="SessionOptions.Blobs"/>).</param>
/// <param name="Values">Receives the values in row-major order; at least as many as the blob has.</param>
public readonly record struct SessionOutput(string Name, Memory<float> Values);
