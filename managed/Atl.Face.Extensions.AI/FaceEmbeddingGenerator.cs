using Atl.Proto;
using Microsoft.Extensions.AI;

namespace Atl.Face.Extensions.AI;

/// <summary>
/// A <see cref="FaceRecognizer"/> as the embedding generator of Microsoft.Extensions.AI, so that vector stores and
/// pipelines take it: the embedding of the largest face of each image, of length 1. Images come as
/// <see cref="ImageInput"/>, or as the bytes of image files in a <see cref="DataContent"/>.
/// </summary>
/// <remarks>Thread-safe. The recognizer stays the caller's: to dispose of the generator frees nothing.</remarks>
public sealed class FaceEmbeddingGenerator : IEmbeddingGenerator<ImageInput, Embedding<float>>,
    IEmbeddingGenerator<DataContent, Embedding<float>>
{
    private const string Provider = "atl";

    private readonly FaceRecognizer _recognizer;
    private readonly bool _aligned;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>A generator.</summary>
    /// <param name="recognizer">What finds and embeds faces.</param>
    /// <param name="aligned">Whether images are aligned faces already, in which none is searched for.</param>
    public FaceEmbeddingGenerator(FaceRecognizer recognizer, bool aligned = false)
    {
        ArgumentNullException.ThrowIfNull(recognizer);
        (_recognizer, _aligned) = (recognizer, aligned);
        _metadata = new EmbeddingGeneratorMetadata(Provider, providerUri: null, recognizer.ModelId,
            recognizer.EmbeddingLength);
    }

    /// <summary>Embeds images, as many at once as there are processors.</summary>
    /// <param name="values">The images.</param>
    /// <param name="options">May name the model and its number of dimensions, which must be the recognizer's; null for
    /// neither.</param>
    /// <param name="cancellationToken">Ends the work between two images.</param>
    /// <returns>The embeddings in the order of the images.</returns>
    /// <exception cref="ArgumentException">The options ask for another model or another number of
    /// dimensions.</exception>
    /// <exception cref="AtlException">An image shows no face, its face cannot be aligned, or it cannot be decoded; the
    /// message has its number, from 0.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<ImageInput> values,
        EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        Check(options);
        ImageInput[] images = [.. values];
        Embedding<float>[] embeddings = new Embedding<float>[images.Length];
        ParallelOptions work = new()
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, images.Length, work, (i, _) =>
        {
            embeddings[i] = Embed(images[i], i);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return [.. embeddings];
    }

    /// <param name="values">The bytes of image files (JPEG, PNG, ...).</param>
    /// <param name="options">As of images.</param>
    /// <param name="cancellationToken">Ends the work between two images.</param>
    /// <inheritdoc cref="GenerateAsync(IEnumerable{ImageInput}, EmbeddingGenerationOptions, CancellationToken)"/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<DataContent> values,
        EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        GenerateAsync(values.Select(value => ImageInput.FromBytes(value.Data)), options, cancellationToken);

    /// <summary>The generator itself, its <see cref="EmbeddingGeneratorMetadata"/>, or its
    /// <see cref="FaceRecognizer"/>; null for another type or a key.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return Array.Find<object>([this, _metadata, _recognizer], serviceType.IsInstanceOfType);
    }

    /// <summary>Frees nothing: the recognizer is the caller's.</summary>
    public void Dispose()
    {
    }

    private void Check(EmbeddingGenerationOptions? options)
    {
        if (options?.ModelId is { } model && model != _recognizer.ModelId)
            throw new ArgumentException($"the model '{model}', expected '{_recognizer.ModelId}'", nameof(options));
        if (options?.Dimensions is { } dimensions && dimensions != _recognizer.EmbeddingLength)
            throw new ArgumentException($"{dimensions} dimensions, expected {_recognizer.EmbeddingLength}: embeddings "
                + "of faces are not shortened", nameof(options));
    }

    private Embedding<float> Embed(ImageInput image, int number)
    {
        try
        {
            ReadOnlyMemory<float> vector = _aligned ? _recognizer.EmbedAligned(image)
                : _recognizer.FindFace(image).Embedding;
            return new Embedding<float>(vector) { ModelId = _recognizer.ModelId };
        }
        catch (AtlException e)
        {
            throw new AtlException($"image {number}: {e.Message}", e);
        }
    }
}
