using Atl.Face.Faces;

namespace Atl.Face;

/// <summary>A face that a <see cref="FaceRecognizer"/> has found: where it is, and its embedding.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed class Face
{
    private readonly DetectedFace _detected;

    internal Face(DetectedFace detected, float[] embedding, string modelId) =>
        (_detected, Embedding, ModelId) = (detected, embedding, modelId);

    /// <summary>The position of the face, in pixels of its image.</summary>
    public FaceBox Box => _detected.Box;

    /// <summary>The detector's score: a probability by MTCNN, an unbounded score by RSA.</summary>
    public float Score => _detected.Score;

    /// <summary>Eyes, nose and corners of the mouth, in pixels of the image.</summary>
    public Landmarks Landmarks => _detected.Landmarks;

    /// <summary>The embedding, of length 1 (L2): the dot product of two is their cosine similarity.</summary>
    public ReadOnlyMemory<float> Embedding { get; }

    /// <summary>
    /// The id of the model that computed the embedding (<see cref="FaceRecognizer.ModelId"/>); only embeddings of one
    /// id can be compared.
    /// </summary>
    public string ModelId { get; }
}
