using Atl.Face.Alignment;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Face.Tests.Recognition;

/// <summary>Thresholds are what verification has measured, on the model that they are used for.</summary>
public sealed class FaceThresholdTests : FolderFixture
{
    // At 0.5 one of five impostors is accepted, at 0.3 and 0.6 the accuracy is best.
    private static readonly double[] Genuine = [0.9, 0.8, 0.7, 0.65, 0.4], Impostor = [0.6, 0.3, 0.2, 0.1, 0];

    [TestCase(ThresholdMeasure.FalseAcceptRate, 0.2, 0.3, 0.2, 1)]
    [TestCase(ThresholdMeasure.FalseAcceptRate, 0.4, 0.2, 0.4, 1)]
    [TestCase(ThresholdMeasure.EqualErrorRate, 0.2, 0.6, 0, 0.8)]
    [TestCase(ThresholdMeasure.Accuracy, 0.2, 0.625, 0, 0.8)]
    public void AThresholdIsWhatTheScoresSay(ThresholdMeasure measure, double far, double threshold, double accepted,
        double recognized)
    {
        FaceThreshold chosen = Choose(measure, far);
        Assert.That((chosen.Threshold, chosen.FalseAcceptRate, chosen.TrueAcceptRate, chosen.Measure),
            Is.EqualTo((threshold, accepted, recognized, measure)));
        Assert.That(chosen.Far, Is.EqualTo(measure == ThresholdMeasure.FalseAcceptRate ? far : null));
    }

    [TestCase(0.01, "a threshold at a false accept rate of 0.01 needs 100 impostor pairs, found 5")]
    [TestCase(1, "at a false accept rate of 1 every pair is accepted")]
    public void RatesThatThePairsDoNotTellAreErrors(double far, string message) => Assert.That(
        () => Choose(ThresholdMeasure.FalseAcceptRate, far),
        Throws.TypeOf<MeasureException>().With.Message.StartsWith(message));

    [Test]
    public void AThresholdDecides()
    {
        FeatureRecipe recipe = MakeModel();
        FaceThreshold threshold = Choose(ThresholdMeasure.EqualErrorRate, 0, recipe);
        threshold.Write(_folder["model/threshold.json"]);
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        Assert.That(recognizer.Threshold!.Threshold, Is.EqualTo(0.6));
        Assert.That(recognizer.IsSameIdentity(0.6), Is.False);
        Assert.That(recognizer.IsSameIdentity(0.601), Is.True);
        Face face = recognizer.FindFace(RecognizerFolder.Image(0));
        Assert.That(recognizer.IsSameIdentity(face, face), Is.True);
    }

    [Test]
    public void AlignmentAndPreprocessingAreThoseOfTheThreshold()
    {
        FeatureRecipe recipe = MakeModel() with
        {
            Alignment = "arcface 112x112",
            Mean = [100, 110, 120],
            Scale = 0.01f,
            Mirror = MirrorFeatures.Concat,
            Columns = 64,
        };
        Choose(ThresholdMeasure.Accuracy, 0, recipe).Write(_folder["model/threshold.json"]);
        FaceRecognizerOptions same = new()
        {
            Alignment = TemplateAlignment.ArcFace(),
            Extraction = new ExtractionOptions
            {
                Mirror = MirrorFeatures.Concat,
                Transform = new TransformationParameter { Scale = 0.01f, MeanValue = { 100, 110, 120 } },
            },
        };
        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]),
            told = FaceRecognizer.Load(_folder["model"], same);
        Assert.That(recognizer.EmbeddingLength, Is.EqualTo(64));
        Assert.That(told.ModelId, Is.EqualTo(recognizer.ModelId));
        Assert.That(told.FindFace(RecognizerFolder.Image(0)).Embedding.ToArray(),
            Is.EqualTo(recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.ToArray()));
    }

    [Test]
    public void AThresholdOfAnotherModelIsRefused()
    {
        FeatureRecipe recipe = MakeModel();
        string file = _folder["model/threshold.json"];
        foreach ((FeatureRecipe other, string message) in ((FeatureRecipe, string)[])
        [
            (recipe with { NetSha256 = "12" }, "was measured with a prototxt with SHA-256 12, found "),
            (recipe with { WeightsSha256 = ["ab"] }, "was measured with weights with SHA-256 ab, found "),
            (recipe with { Version = 2 }, "version 2 of a recipe, expected 1"),
        ])
        {
            Choose(ThresholdMeasure.Accuracy, 0, other).Write(file);
            Assert.That(() => FaceRecognizer.Load(_folder["model"]),
                Throws.TypeOf<AtlException>().With.Message.StartsWith($"{file}: {message}"));
        }
        Choose(ThresholdMeasure.Accuracy, 0, recipe).Write(file);
        Assert.That(
            () => FaceRecognizer.Load(_folder["model"],
                new FaceRecognizerOptions { Alignment = TemplateAlignment.ArcFace() }),
            Throws.TypeOf<AtlException>().With.Message.Contains(
                "was measured with the alignment wuxiang 112x112 ec_mc_y 40, found arcface 112x112"));
    }

    [TestCase(null, "the alignment is '', expected a description")]
    [TestCase("arc", "the alignment is 'arc', expected a description")]
    public void AThresholdOfAnUnknownAlignmentIsRefused(string? alignment, string message)
    {
        string file = _folder["t.json"];
        Choose(ThresholdMeasure.Accuracy, 0, MakeModel() with { Alignment = alignment }).Write(file);
        Assert.That(() => FaceThreshold.Read(file),
            Throws.TypeOf<AtlException>().With.Message.StartsWith($"{file}: {message}"));
    }

    [Test]
    public void AMeanImageLiesInTheFolder()
    {
        MakeModel();
        string mean = _folder["model/mean.binaryproto"], net = _folder["model/deploy.prototxt"],
            weights = _folder["model/face.caffemodel"];
        WriteMean(mean, 100);
        ExtractionOptions extraction = new()
        {
            Mirror = MirrorFeatures.None,
            Transform = new TransformationParameter { MeanFile = mean, Scale = 0.01f },
        };
        using Model model = Model.Load(net, weights);
        using (FaceExtractor extractor = new(model, extraction))
            Choose(ThresholdMeasure.Accuracy, 0, FeatureRecipe.Of(extractor, net, [weights],
                new WuXiangAlignment().Description)).Write(_folder["model/threshold.json"]);
        float[] right;
        using (FaceRecognizer told = FaceRecognizer.Load(_folder["model"],
            new FaceRecognizerOptions { Extraction = extraction }))
            right = told.FindFace(RecognizerFolder.Image(0)).Embedding.ToArray();
        using (FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]))
            Assert.That(recognizer.FindFace(RecognizerFolder.Image(0)).Embedding.ToArray(), Is.EqualTo(right));

        WriteMean(mean, 101);
        Assert.That(() => FaceRecognizer.Load(_folder["model"]), Throws.TypeOf<AtlException>().With.Message.Contains(
            "threshold.json: was measured with a mean image with SHA-256"));
        File.Delete(mean);
        Assert.That(() => FaceRecognizer.Load(_folder["model"]),
            Throws.InstanceOf<AtlException>().With.Message.Contains(mean));
    }

    [TestCase("{}", "expected what atl verify -threshold writes")]
    [TestCase("0.4", "expected what atl verify -threshold writes")]
    [TestCase(null, "the threshold is 1.5, expected a cosine from -1 to 1")]
    public void FilesThatAreNoThresholdAreRefused(string? text, string message)
    {
        FeatureRecipe recipe = MakeModel();
        string file = _folder["model/threshold.json"];
        (Choose(ThresholdMeasure.Accuracy, 0, recipe) with { Threshold = 1.5 }).Write(file);
        if (text is not null) File.WriteAllText(file, text);
        Assert.That(() => FaceRecognizer.Load(_folder["model"]),
            Throws.TypeOf<AtlException>().With.Message.StartsWith(file).And.Message.Contains(message));
    }

    private static void WriteMean(string path, float value)
    {
        BlobProto mean = new() { Num = 1, Channels = 3, Height = 112, Width = 112 };
        mean.Data.AddRange(Enumerable.Repeat(value, 3 * 112 * 112));
        File.WriteAllBytes(path, Google.Protobuf.MessageExtensions.ToByteArray(mean));
    }

    private FeatureRecipe MakeModel()
    {
        RecognizerFolder.Make(_folder["model"]);
        string net = _folder["model/deploy.prototxt"], weights = _folder["model/face.caffemodel"];
        using Model model = Model.Load(net, weights);
        using FaceExtractor extractor = new(model, new ExtractionOptions { Mirror = MirrorFeatures.None });
        return FeatureRecipe.Of(extractor, net, [weights], new WuXiangAlignment().Description);
    }

    private FaceThreshold Choose(ThresholdMeasure measure, double far, FeatureRecipe? recipe = null)
    {
        // Unit vectors in the plane: each pair's cosine is its score.
        double[] scores = [.. Genuine, .. Impostor];
        float[] values = [.. scores.SelectMany(score =>
            (float[])[1, 0, (float)score, (float)Math.Sqrt(1 - (score * score))])];
        FacePair[] pairs = [.. scores.Select((_, i) => new FacePair(2 * i, (2 * i) + 1, i < Genuine.Length, 0))];
        FeatureMatrix features = new(values, 2 * scores.Length, 2);
        VerificationRecorder recorder = new()
        {
            Result = VerificationResult.Compute(features, new PairList(pairs, 1)),
            Features = new FeatureSource("f.npy", features.Rows, 2, null),
            Names = ImageNames.Numbered(features.Rows),
        };
        SortedScores exact = new(Genuine, Impostor);
        VerificationRecord record = recorder.Record() with { EqualErrorThreshold = exact.EqualError().Threshold };
        return FaceThreshold.Choose(record, exact, recipe ?? MakeModel(), measure, far);
    }
}
