using Atl.Data;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Extraction;
using Atl.Face.Faces;
using Atl.Images;
using Atl.Proto;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Face.Tests.Recognition;

/// <summary>From an image to a similarity, with a net and a detector of the test's own.</summary>
public sealed class FaceRecognizerTests : FolderFixture
{
    [SetUp]
    public void MakeModel() => RecognizerFolder.Make(_folder["model"]);

    [Test]
    public void FacesAreFoundEmbeddedAndCompared()
    {
        File.WriteAllBytes(_folder["a.png"], RecognizerFolder.Images[0]);
        File.WriteAllBytes(_folder["b.png"], RecognizerFolder.Images[2]);

        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        Face a = recognizer.FindFace(_folder["a.png"]), b = recognizer.FindFace(_folder["b.png"]);

        Assert.That(a.Embedding.ToArray().Sum(value => value * value), Is.EqualTo(1).Within(1e-5));
        Assert.That(a.Embedding.Length, Is.EqualTo(32).And.EqualTo(recognizer.EmbeddingLength));
        Assert.That(recognizer.Compare(a, a), Is.EqualTo(1).Within(1e-12));
        Assert.That(recognizer.Compare(a, b), Is.LessThan(0.9999).And.EqualTo(recognizer.Compare(b, a)));
        Assert.That(a.Box.Intersect(a.Landmarks.Bounds), Is.EqualTo(a.Landmarks.Bounds));
        Assert.That(a.Score, Is.InRange(0.9f, 1f));
        Assert.That((a.ModelId, b.ModelId), Is.EqualTo((recognizer.ModelId, recognizer.ModelId)));
        Assert.That(recognizer.ModelId, Does.Match("^small-[0-9a-f]{12}$"));
    }

    [Test]
    public void TheLargestFaceOfAllIsFound()
    {
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        IReadOnlyList<Face> all = recognizer.FindFaces(RecognizerFolder.Image(1));
        Face one = recognizer.FindFace(RecognizerFolder.Image(1));
        IReadOnlyList<DetectedFace> detected = recognizer.Detect(RecognizerFolder.Image(1));
        Assert.That(all.Select(face => (face.Box, face.Score)),
            Is.EqualTo(detected.Select(face => (face.Box, face.Score))));
        Assert.That(one.Box, Is.EqualTo(all.MaxBy(face => face.Box.Area)!.Box));
        Assert.That(one.Embedding.ToArray(), Is.EqualTo(all.MaxBy(face => face.Box.Area)!.Embedding.ToArray()));
    }

    // What atl detect, align and extract compute one after the other.
    [TestCase(MirrorFeatures.None)]
    [TestCase(MirrorFeatures.Concat)]
    public void AnEmbeddingIsTheFeatureOfTheAlignedFace(MirrorFeatures mirror)
    {
        ExtractionOptions extraction = new() { Mirror = mirror };
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"], new FaceRecognizerOptions
        {
            Alignment = TemplateAlignment.ArcFace(),
            Extraction = extraction,
        });
        Face face = recognizer.FindFace(RecognizerFolder.Image(3));

        using FaceDetectorModel detectors = FaceDetectorModel.TryLoad(_folder["model"])!;
        using IFaceDetector detector = detectors.CreateDetector();
        using Model model = Model.Load(_folder["model/deploy.prototxt"], _folder["model/face.caffemodel"]);
        using FaceExtractor extractor = new(model, extraction);
        using DecodedImage image = DecodedImage.FromBytes(RecognizerFolder.Images[3], ImageColor.Color);
        DetectedFace found = detector.Detect([image.Mat])[0].MaxBy(candidate => candidate.Box.Area)!;
        using Mat aligned = TemplateAlignment.ArcFace().Align(image.Mat, found.Landmarks);
        using DecodedImage stored = DecodedImage.FromBytes(aligned.ImEncode(".png"), ImageColor.Color);
        float[] pixels = new float[3 * 112 * 112];
        extractor.Transform(stored.View, pixels);
        float[] feature = extractor.Run(pixels, 1);
        double length = Math.Sqrt(feature.Sum(value => (double)value * value));

        Assert.That(face.Embedding.ToArray(), Is.EqualTo(feature.Select(value => (float)(value / length)))
            .Within(1e-6f));
        Assert.That(recognizer.Embed(RecognizerFolder.Image(3), found.Landmarks), Is.EqualTo(face.Embedding.ToArray()));
        Assert.That(recognizer.EmbedAligned(ImageInput.FromBytes(aligned.ImEncode(".png"))),
            Is.EqualTo(face.Embedding.ToArray()));
        Assert.That(recognizer.Compare(feature, face.Embedding.Span), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void PixelsInMemoryGiveWhatTheFileGives()
    {
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        using DecodedImage image = DecodedImage.FromBytes(RecognizerFolder.Images[0], ImageColor.Color);
        byte[] bgr = image.View.Bytes.ToArray();
        byte[] rgba = [.. bgr.Chunk(3).SelectMany(pixel => (byte[])[pixel[2], pixel[1], pixel[0], 255])];
        float[] right = recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.ToArray();
        foreach (ImageInput pixels in (ImageInput[])[
            ImageInput.FromPixels(bgr, image.View.Height, image.View.Width),
            ImageInput.FromPixels(rgba, image.View.Height, image.View.Width, PixelFormat.Rgba)])
            Assert.That(recognizer.FindFace(pixels).Embedding.ToArray(), Is.EqualTo(right));
    }

    [TestCase(null, 2)]
    [TestCase(1, 8)]
    [TestCase(2, 3)]
    public void ManyThreadsGetTheBitsOfOne(int? threads, int concurrency)
    {
        float[][] right;
        using (FaceRecognizer alone = FaceRecognizer.Load(_folder["model"]))
            right = [.. RecognizerFolder.Images.Select((_, i) => Embedding(alone, i))];
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"],
            new FaceRecognizerOptions { Threads = threads, Concurrency = concurrency });
        int wrong = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            for (int call = 0; call < 6; call++)
            {
                int image = (worker + call) % right.Length;
                if (!Embedding(recognizer, image).AsSpan().SequenceEqual(right[image]))
                    Interlocked.Increment(ref wrong);
            }
        });
        Assert.That(wrong, Is.Zero);
        Assert.That(right.Select(embedding => embedding[0]).Distinct().Count(), Is.GreaterThan(1));

        static float[] Embedding(FaceRecognizer recognizer, int image) =>
            recognizer.FindFace(RecognizerFolder.Image(image)).Embedding.ToArray();
    }

    [Test]
    public void GrayNetsTakeColorImages()
    {
        RecognizerFolder.Make(_folder["gray"], RecognizerFolder.Net.Replace("dim: 3", "dim: 1"));
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["gray"]);
        Assert.That(recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.Length, Is.EqualTo(32));
    }

    [Test]
    public void WithoutAThresholdThereIsASimilarityAndNoDecision()
    {
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        Face a = recognizer.FindFace(RecognizerFolder.Image(0)), b = recognizer.FindFace(RecognizerFolder.Image(1));
        Assert.That(recognizer.Threshold, Is.Null);
        Assert.That(recognizer.Compare(a, b), Is.InRange(-1, 1));
        Assert.That(() => recognizer.IsSameIdentity(a, b), Throws.TypeOf<AtlException>().With.Message.Contains(
            "has no threshold.json").And.Message.Contains("atl verify f.npy -pairs pairs.txt -threshold "));
    }

    [Test]
    public void WithoutADetectorAlignedFacesAreEmbedded()
    {
        RecognizerFolder.Make(_folder["plain"], detector: false);
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["plain"]);
        Assert.That(recognizer.HasDetector, Is.False);
        Assert.That(recognizer.EmbedAligned(ImageInput.FromPixels(new byte[3 * 112 * 112], 112, 112)),
            Has.Length.EqualTo(32));
        Assert.That(() => recognizer.FindFace(RecognizerFolder.Image(0)), Throws.TypeOf<AtlException>()
            .With.Message.Contains("has no face detector, expected det1, det2, det3"));
    }

    [Test]
    public void AFileWithoutAFaceIsNamed()
    {
        using Mat tiny = new(8, 8, MatType.CV_8UC3, Scalar.All(9));
        File.WriteAllBytes(_folder["tiny.png"], tiny.ImEncode(".png"));
        File.WriteAllText(_folder["no.png"], "no image");
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        Assert.That(() => recognizer.FindFace(_folder["tiny.png"]), Throws.TypeOf<AtlException>().With.Message.EqualTo(
            $"{_folder["tiny.png"]}: the image shows no face"));
        Assert.That(() => recognizer.FindFace(_folder["no.png"]), Throws.TypeOf<AtlException>().With.Message.Contains(
            $"image '{_folder["no.png"]}'"));
        Assert.That(recognizer.FindFaces(ImageInput.FromFile(_folder["tiny.png"])), Is.Empty);
    }

    [Test]
    public void ANetOfAnotherSizeWantsAnAlignment()
    {
        RecognizerFolder.Make(_folder["narrow"], RecognizerFolder.Net.Replace("dim: 112 dim: 112", "dim: 112 dim: 96"));
        Assert.That(() => FaceRecognizer.Load(_folder["narrow"]), Throws.TypeOf<AtlException>().With.Message.Contains(
            "the input takes 96x112 pixels (width x height), faces aligned by 'wuxiang 112x112 ec_mc_y 40' have "
            + "112x112; set FaceRecognizerOptions.Alignment"));
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["narrow"],
            new FaceRecognizerOptions { Alignment = TemplateAlignment.SphereFace() });
        Assert.That(recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.Length, Is.EqualTo(32));
    }

    [Test]
    public void FacesOfOtherModelsAreNotCompared()
    {
        RecognizerFolder.Make(_folder["other"], seed: 8);
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]),
            other = FaceRecognizer.Load(_folder["other"]),
            turned = FaceRecognizer.Load(_folder["model"],
                new FaceRecognizerOptions { Alignment = TemplateAlignment.ArcFace() });
        Face face = recognizer.FindFace(RecognizerFolder.Image(0));
        foreach (FaceRecognizer stranger in (FaceRecognizer[])[other, turned])
            Assert.That(() => recognizer.Compare(face, stranger.FindFace(RecognizerFolder.Image(0))),
                Throws.ArgumentException.With.Message.Contains(
                    $"'{stranger.ModelId}', expected '{recognizer.ModelId}'"));
        Assert.That(() => recognizer.Compare(new float[31], new float[32]),
            Throws.ArgumentException.With.Message.EqualTo(
            "embeddings of 31 and 32 values, expected 32"));
        Assert.That(() => recognizer.Compare(new float[32], new float[32]), Throws.ArgumentException);
    }

    [Test]
    public void AFolderWithoutANetIsNamed() => Assert.That(() => FaceRecognizer.Load(_folder["nowhere"]),
        Throws.InstanceOf<AtlException>().With.Message.Contains(_folder["nowhere/deploy.prototxt"]));

    [Test]
    public void WhatIsDisposedFindsNothing()
    {
        FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        recognizer.Dispose();
        recognizer.Dispose();
        Assert.That(() => recognizer.FindFace(RecognizerFolder.Image(0)), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void CallsThatAreUnderWayEndBeforeTheNetsAreFreed()
    {
        FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"],
            new FaceRecognizerOptions { Threads = 1, Concurrency = 3 });
        float[] right = recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.ToArray();
        int ended = 0, refused = 0;
        using CountdownEvent begun = new(6);
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            begun.Signal();
            try
            {
                while (recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.Span.SequenceEqual(right))
                    Interlocked.Increment(ref ended);
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refused);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        begun.Wait();
        while (Volatile.Read(ref ended) < 6) Thread.Sleep(1);
        recognizer.Dispose();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(refused, Is.EqualTo(threads.Length));
    }

    [Test]
    public void PublishedNetsTellPeopleApart()
    {
        string photo = TestData.Require("faces", "photos", "office1.jpg");
        foreach (string name in FaceDetectorModel.MtcnnNames)
            foreach (string ending in (string[])[".prototxt", ".caffemodel"])
                File.Copy(TestData.Require("weights", "mtcnn", name + ending), _folder[$"model/{name}{ending}"],
                    overwrite: true);
        Copy("*.prototxt", FaceRecognizer.NetFile);
        Copy("*.caffemodel", FaceRecognizer.WeightsFile);
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"], new FaceRecognizerOptions
        {
            Alignment = TemplateAlignment.ArcFace(),
            Mtcnn = new MtcnnOptions { MinSize = 30 },
        });
        using Mat image = Cv2.ImRead(photo), mirrored = image.Flip(FlipMode.Y);
        IReadOnlyList<Face> faces = recognizer.FindFaces(ImageInput.FromFile(photo)),
            again = recognizer.FindFaces(ImageInput.FromBytes(mirrored.ImEncode(".png")));
        Assert.That(faces, Has.Count.EqualTo(16));
        foreach (Face face in faces)
        {
            // The same person in the mirror stands as far from the other edge.
            Face same = again.Single(other =>
                Math.Abs(image.Cols - other.Box.Center.X - face.Box.Center.X) < face.Box.Width / 2
                && Math.Abs(other.Box.Center.Y - face.Box.Center.Y) < face.Box.Height / 2);
            Assert.That(recognizer.Compare(face, same), Is.GreaterThan(0.8));
            Assert.That(faces.Where(other => other != face).Max(other => recognizer.Compare(face, other)),
                Is.LessThan(0.4));
        }

        void Copy(string pattern, string name) => File.Copy(
            Directory.GetFiles(TestData.Require("weights", "mobilefacenet_laulian"), pattern).Single(),
            _folder[$"model/{name}"], overwrite: true);
    }
}
