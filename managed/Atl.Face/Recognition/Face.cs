using Atl.Face.Faces;

namespace Atl.Face;

/// <summary>A face that a <see cref="FaceRecognizer"/> has found: where it is, and its embedding.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed class Face
{
    private readonly DetectedFace _detected;

    internal Face(DetectedFace detected, float[] embedding, string modelId) =>
        (_detected, Embedding, ModelId) = (detected, embedding, modelId);

    /// <summary>Where the face is, in pixels of its image.</summary>
    public FaceBox Box => _detected.Box;

    /// <summary>How sure the detector is: a probability by MTCNN, an unbounded score by RSA.</summary>
    public float Score => _detected.Score;

    /// <summary>Eyes, nose and corners of the mouth, in pixels of the image.</summary>
    public Landmarks Landmarks => _detected.Landmarks;

    /// <summary>The embedding, of length 1 (L2): the dot product of two is their cosine similarity.</summary>
    public ReadOnlyMemory<float> Embedding { get; }

    /// <summary>What the embedding was computed by (<see cref="FaceRecognizer.ModelId"/>); only embeddings of one id
    /// can be compared.</summary>
    public string ModelId { get; }
}
