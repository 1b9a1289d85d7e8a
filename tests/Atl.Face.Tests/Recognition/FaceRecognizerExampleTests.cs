using System.Globalization;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Extensions.AI;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.TestSupport;
using Microsoft.Extensions.AI;

namespace Atl.Face.Tests.Recognition;

/// <summary>The code of docs/face-recognition.md, run as it stands there.</summary>
[NonParallelizable]
public sealed class FaceRecognizerExampleTests
{
    private TemporaryFolder _folder = null!;
    private string _before = null!;

    [SetUp]
    public void Enter()
    {
        _folder = new TemporaryFolder();
        _before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder.FullName;
        RecognizerFolder.Make("model");
        File.WriteAllBytes("a.png", RecognizerFolder.Images[0]);
        File.WriteAllBytes("b.png", RecognizerFolder.Images[2]);
    }

    [TearDown]
    public void Leave()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [Test]
    public void FourLines()
    {
        WriteThreshold(0.99999);

        using FaceRecognizer recognizer = FaceRecognizer.Load("model");
        Face a = recognizer.FindFace("a.png"), b = recognizer.FindFace("b.png");
        double similarity = recognizer.Compare(a, b);
        bool same = recognizer.IsSameIdentity(a, b);

        Assert.That(similarity, Is.InRange(-1, 0.99999));
        Assert.That(same, Is.False);
    }

    [Test]
    public void Options()
    {
        using FaceRecognizer recognizer = FaceRecognizer.Load("model", new FaceRecognizerOptions
        {
            Alignment = TemplateAlignment.ArcFace(),
            Extraction = new ExtractionOptions { Mirror = MirrorFeatures.Concat },
            Mtcnn = new MtcnnOptions { MinSize = 40 },
        });

        Assert.That(recognizer.EmbeddingLength, Is.EqualTo(64));
    }

    [Test]
    public void EveryFace()
    {
        using FaceRecognizer recognizer = FaceRecognizer.Load("model");
        using StringWriter written = new(CultureInfo.InvariantCulture);
        TextWriter console = Console.Out;
        Console.SetOut(written);
        try
        {
            foreach (Face face in recognizer.FindFaces(ImageInput.FromFile("a.png")))
                Console.WriteLine($"{face.Box.Width:F0} x {face.Box.Height:F0} pixels, score {face.Score:F2}");
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.That(written.ToString(), Does.Match(@"^\d+ x \d+ pixels, score 1\.00\n"));
    }

    [Test]
    public async Task VectorStores()
    {
        using FaceRecognizer recognizer = FaceRecognizer.Load("model");

        IEmbeddingGenerator<DataContent, Embedding<float>> generator = recognizer.AsIEmbeddingGenerator();
        DataContent image = new(File.ReadAllBytes("a.png"), "image/png");
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync(image);

        Assert.That(vector.ToArray(), Is.EqualTo(recognizer.FindFace("a.png").Embedding.ToArray()));
    }

    private static void WriteThreshold(double cosine)
    {
        using Model model = Model.Load("model/deploy.prototxt", "model/face.caffemodel");
        using FaceExtractor extractor = new(model, new ExtractionOptions { Mirror = MirrorFeatures.None });
        new FaceThreshold
        {
            Version = FaceThreshold.CurrentVersion,
            Threshold = cosine,
            Measure = ThresholdMeasure.EqualErrorRate,
            FalseAcceptRate = 0,
            TrueAcceptRate = 1,
            Features = new FeatureSource("lfw.npy", 4, 32, null),
            Pairs = new PairSource("list", "pairs.txt", null, 2, 2, 0, 1, 4),
            Recipe = FeatureRecipe.Of(extractor, "model/deploy.prototxt", ["model/face.caffemodel"],
                new WuXiangAlignment().Description),
        }.Write("model/threshold.json");
    }
}
