namespace Atl.Face.Extensions.AI;

/// <summary>Recognizers for Microsoft.Extensions.AI.</summary>
public static class FaceRecognizerExtensions
{
    /// <summary>The recognizer as an embedding generator. It stays the caller's to dispose of.</summary>
    /// <param name="recognizer">What finds and embeds faces.</param>
    /// <param name="aligned">Whether images are aligned faces already, in which none is searched for.</param>
    public static FaceEmbeddingGenerator AsIEmbeddingGenerator(this FaceRecognizer recognizer, bool aligned = false) =>
        new(recognizer, aligned);
}
