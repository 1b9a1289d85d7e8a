namespace Atl.Face.Faces;

/// <summary>A face in an image.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Score">How sure the detector is: a probability by MTCNN, an unbounded score by RSA, 1 where a list of
/// points says nothing.</param>
/// <param name="Landmarks">Its five points.</param>
public sealed record DetectedFace(FaceBox Box, float Score, Landmarks Landmarks);
