using Atl.Face.Extensions.AI;
using Atl.Proto;
using Atl.TestSupport;
using Microsoft.Extensions.AI;

namespace Atl.Face.Tests.Recognition;

/// <summary>The recognizer behind Microsoft.Extensions.AI's interface.</summary>
public sealed class FaceEmbeddingGeneratorTests : FolderFixture
{
    private FaceRecognizer _recognizer = null!;

    [SetUp]
    public void Load()
    {
        RecognizerFolder.Make(_folder["model"]);
        _recognizer = FaceRecognizer.Load(_folder["model"]);
    }

    [TearDown]
    public void Unload() => _recognizer.Dispose();

    [Test]
    public async Task EmbeddingsAreTheRecognizersInTheOrderOfTheImages()
    {
        using IEmbeddingGenerator<ImageInput, Embedding<float>> generator = _recognizer.AsIEmbeddingGenerator();
        GeneratedEmbeddings<Embedding<float>> found =
            await generator.GenerateAsync(RecognizerFolder.Images.Select(image => ImageInput.FromBytes(image)));
        Assert.That(found, Has.Count.EqualTo(RecognizerFolder.Images.Count));
        for (int i = 0; i < found.Count; i++)
            Assert.That(found[i].Vector.ToArray(),
                Is.EqualTo(_recognizer.FindFace(RecognizerFolder.Image(i)).Embedding.ToArray()));
        Assert.That(found.Select(embedding => embedding.ModelId), Is.All.EqualTo(_recognizer.ModelId));
    }

    [Test]
    public async Task VectorStoresGiveDataContent()
    {
        using IEmbeddingGenerator<DataContent, Embedding<float>> generator = _recognizer.AsIEmbeddingGenerator();
        Embedding<float> found =
            await generator.GenerateAsync(new DataContent(RecognizerFolder.Images[2], "image/png"));
        Assert.That(found.Vector.ToArray(),
            Is.EqualTo(_recognizer.FindFace(RecognizerFolder.Image(2)).Embedding.ToArray()));
    }

    [Test]
    public async Task AlignedFacesAreNotSearched()
    {
        using IEmbeddingGenerator<ImageInput, Embedding<float>> generator =
            _recognizer.AsIEmbeddingGenerator(aligned: true);
        ImageInput face = ImageInput.FromPixels(new byte[3 * 112 * 112], 112, 112);
        Assert.That((await generator.GenerateAsync(face)).Vector.ToArray(), Is.EqualTo(_recognizer.EmbedAligned(face)));
    }

    [Test]
    public void ServicesAreTheMetadataAndTheRecognizer()
    {
        using IEmbeddingGenerator<ImageInput, Embedding<float>> generator = _recognizer.AsIEmbeddingGenerator();
        EmbeddingGeneratorMetadata metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.That((metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions),
            Is.EqualTo(("atl", _recognizer.ModelId, (int?)32)));
        Assert.That(generator.GetService(typeof(FaceRecognizer)), Is.SameAs(_recognizer));
        Assert.That(generator.GetService(typeof(FaceEmbeddingGenerator)), Is.SameAs(generator));
        Assert.That(generator.GetService(typeof(FaceRecognizer), "key"), Is.Null);
        Assert.That(generator.GetService(typeof(string)), Is.Null);
    }

    [Test]
    public void OtherModelsDimensionsAndImagesAreErrors()
    {
        using FaceEmbeddingGenerator generator = _recognizer.AsIEmbeddingGenerator();
        ImageInput tiny = ImageInput.FromPixels(new byte[3 * 8 * 8], 8, 8);
        Assert.That(() => generator.GenerateAsync([tiny], new EmbeddingGenerationOptions { ModelId = "m" }),
            Throws.ArgumentException.With.Message.Contains($"the model 'm', expected '{_recognizer.ModelId}'"));
        Assert.That(() => generator.GenerateAsync([tiny], new EmbeddingGenerationOptions { Dimensions = 8 }),
            Throws.ArgumentException.With.Message.Contains("8 dimensions, expected 32"));
        Assert.That(() => generator.GenerateAsync([RecognizerFolder.Image(0), tiny]),
            Throws.TypeOf<AtlException>().With.Message.EqualTo("image 1: the image shows no face"));
        Assert.That(() => generator.GenerateAsync([tiny], null, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void TheRecognizerOutlivesTheGenerator()
    {
        _recognizer.AsIEmbeddingGenerator().Dispose();
        Assert.That(_recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.Length, Is.EqualTo(32));
    }
}
