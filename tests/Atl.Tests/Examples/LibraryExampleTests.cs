using System.Globalization;
using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using Atl.Tests.Models;

namespace Atl.Tests.Examples;

/// <summary>The code of docs/library.md, run as it stands there.</summary>
[NonParallelizable]
public sealed class LibraryExampleTests
{
    private const string Deploy = """
        name: 'face'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 112 dim: 96 } } }
        layer { name: 'conv1' type: 'Convolution' bottom: 'data' top: 'conv1'
            convolution_param { num_output: 4 kernel_size: 3 stride: 8 weight_filler { type: 'xavier' } } }
        layer { name: 'relu1' type: 'PReLU' bottom: 'conv1' top: 'conv1' }
        layer { name: 'fc5' type: 'InnerProduct' bottom: 'conv1' top: 'fc5'
            inner_product_param { num_output: 16 weight_filler { type: 'xavier' } } }
        """, Solver = """
        net_param {
            layer { name: 'x' type: 'DummyData' top: 'x' dummy_data_param { shape { dim: 4 dim: 3 }
                data_filler { type: 'gaussian' std: 1 } } }
            layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'fc' inner_product_param { num_output: 3
                weight_filler { type: 'xavier' } } }
            layer { name: 'loss' type: 'EuclideanLoss' bottom: 'fc' bottom: 'x' top: 'loss' }
        }
        base_lr: 0.1 lr_policy: 'fixed' max_iter: 3000 random_seed: 1 snapshot_prefix: 'face'
        """;

    private static readonly int Size = 3 * 112 * 96;

    private TemporaryFolder _folder = null!;
    private string _before = null!;

    [SetUp]
    public void Enter()
    {
        _folder = new TemporaryFolder();
        _before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder.FullName;
        File.WriteAllText("deploy.prototxt", Deploy);
        File.WriteAllText("face_solver.prototxt", Solver);
        ProtoFiles.WriteNetBinary("face.caffemodel", ModelNets.Weights(Deploy));
        File.WriteAllBytes("a.png", Png());
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
        float[] pixels = ModelNets.Values(8 * Size);

        using Model model = Model.Load("deploy.prototxt", "face.caffemodel");
        using Session session = model.CreateSession();
        float[] features = session.Run("data", pixels, [8, 3, 112, 96])["fc5"].ToArray();

        Assert.That(features, Has.Length.EqualTo(8 * 16).And.Some.Not.Zero);
    }

    [Test]
    public void WhatANetTakesAndGives()
    {
        using StringWriter written = new(CultureInfo.InvariantCulture);
        TextWriter console = Console.Out;
        Console.SetOut(written);
        try
        {
            using Model model = Model.Load("deploy.prototxt", "face.caffemodel");
            foreach (BlobInfo input in model.Inputs) Console.WriteLine(input);
            foreach (BlobInfo output in model.Outputs) Console.WriteLine(output);
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.That(written.ToString(), Is.EqualTo(
            "data 1 3 112 96 (32256) (may vary: axis 0)\nfc5 1 16 (16) (may vary: axis 0)\n"));
    }

    [Test]
    public void Images()
    {
        byte[] frame = new byte[480 * 640 * 4];

        using Model model = Model.Load("deploy.prototxt", "face.caffemodel", new ModelOptions
        {
            Preprocessing = new Preprocessing { Mean = [127.5f], Scale = 1 / 128f, Fit = ImageFit.Resize },
        });
        using Session session = model.CreateSession();
        ImageInput[] faces =
        [
            ImageInput.FromFile("a.png"),
            ImageInput.FromPixels(frame, height: 480, width: 640, PixelFormat.Rgba),
        ];
        float[] features = session.Run("data", faces)["fc5"].ToArray();

        Assert.That(features, Has.Length.EqualTo(2 * 16));
        Assert.That(features[..16], Is.Not.EqualTo(features[16..]));
    }

    [Test]
    public void InnerBlobsAndMemoryOfYourOwn()
    {
        float[] pixels = ModelNets.Values(Size);
        using Model model = Model.Load("deploy.prototxt", "face.caffemodel");

        using Session session = model.CreateSession(new SessionOptions { Blobs = ["conv1"] });
        SessionResult result = session.Run("data", pixels, [1, 3, 112, 96]);
        float[] maps = result["conv1"].ToArray();

        float[] features = new float[16];
        session.Run([new SessionInput("data", pixels, 1, 3, 112, 96)], [new SessionOutput("fc5", features)]);

        Assert.That(maps, Has.Length.EqualTo(4 * 14 * 12));
        Assert.That(features, Has.Some.Not.Zero);
    }

    [Test]
    public void ManyThreads()
    {
        using Model model = Model.Load("deploy.prototxt", "face.caffemodel");
        float[][] images = [.. Enumerable.Range(0, 20).Select(i => ModelNets.Values(Size, i))];
        float[][] features = new float[images.Length][];

        SessionOptions oneCore = new() { Threads = 1 };
        Parallel.For(0, images.Length, () => model.CreateSession(oneCore), (i, _, session) =>
        {
            features[i] = session.Run("data", images[i], [1, 3, 112, 96])["fc5"].ToArray();
            return session;
        }, session => session.Dispose());

        using Session alone = model.CreateSession();
        for (int i = 0; i < images.Length; i++)
            Assert.That(features[i], Is.EqualTo(alone.Run("data", images[i], 1, 3, 112, 96)["fc5"].ToArray()));
    }

    [Test]
    public async Task BesideOtherWork()
    {
        float[] pixels = ModelNets.Values(Size);
        CancellationToken cancellation = CancellationToken.None;
        using Model model = Model.Load("deploy.prototxt", "face.caffemodel");
        using Session session = model.CreateSession();

        session.WarmUp();
        SessionResult result = await session.RunAsync([new SessionInput("data", pixels)], cancellation);
        float[] features = result["fc5"].ToArray();

        Assert.That(features, Has.Length.EqualTo(16));
    }

    [Test]
    public void FromStreams()
    {
        using Stream prototxt = File.OpenRead("deploy.prototxt");
        using Stream weights = File.OpenRead("face.caffemodel");
        using Model model = Model.Load(prototxt, weights);

        Assert.That(model.Name, Is.EqualTo("face"));
    }

    [Test]
    public void Training()
    {
        CancellationToken cancellation = CancellationToken.None;
        TextWriter console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            using Trainer trainer = Trainer.Load("face_solver.prototxt");
            trainer.ResumeNewest();
            while (trainer.Iteration < 2000)
            {
                float loss = trainer.Step(100, cancellation);
                Console.WriteLine($"iteration {trainer.Iteration}: loss {loss}");
            }
            trainer.Snapshot();

            Assert.That(trainer.Loss, Is.LessThan(0.01f));
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.That(File.Exists("face_iter_2000.caffemodel"));
    }

    private static byte[] Png()
    {
        byte[] planes = new byte[Size];
        new Random(1).NextBytes(planes);
        Datum datum = new()
        {
            Channels = 3,
            Height = 112,
            Width = 96,
            Data = Google.Protobuf.ByteString.CopyFrom(planes),
        };
        using DecodedImage image = DecodedImage.FromPlanes(datum, ImageColor.Color);
        return image.Encode("png");
    }
}
