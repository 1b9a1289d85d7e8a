using Atl.Cli.Tests.Documents;
using Atl.Face;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Faults;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>From photos to a threshold that the library decides with: align, extract, verify -threshold.</summary>
public sealed class FaceThresholdCommandTests : FolderFixture
{
    private const string Net = """
        name: 'small'
        layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 3 dim: 112 dim: 112 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'data' top: 'conv'
            convolution_param { num_output: 4 kernel_size: 8 stride: 8 weight_filler { type: 'xavier' } } }
        layer { name: 'fc5' type: 'InnerProduct' bottom: 'conv' top: 'fc5'
            inner_product_param { num_output: 16 weight_filler { type: 'xavier' } } }
        """;

    [SetUp]
    public void MakeInputs()
    {
        DetectorNets.Make(_folder["model"]);
        File.WriteAllText(_folder["model/deploy.prototxt"], Net);
        using (Net net = new(TextFormat.Parse<NetParameter>(Net), new NetOptions { Phase = Phase.Test, Seed = 2 }))
            ProtoFiles.WriteNetBinary(_folder["model/face.caffemodel"], net.ToProto());
        for (int person = 0; person < 3; person++)
            for (int number = 0; number < 3; number++)
            {
                Directory.CreateDirectory(_folder[$"photos/{person}"]);
                File.WriteAllBytes(_folder[$"photos/{person}/{number}.png"], FaceInputs.Picture(person, number));
            }
    }

    [Test]
    public void TheThresholdIsForWhatWasMeasured()
    {
        Do("align", "photos", "-models", "model", "-mode", "arcface", "-out", "aligned");
        Do("extract", "aligned", "-model", "model/deploy.prototxt", "-weights", "model/face.caffemodel", "-mirror",
            "sum", "-scale", "0.01", "-batch", "1", "-out", "f.npy");
        Do("verify", "f.npy", "-all", "-json", "f.json", "-threshold", "model/threshold.json", "-threshold_at", "eer");

        using FaceRecognizer recognizer = FaceRecognizer.Load(_folder["model"]);
        FaceThreshold threshold = recognizer.Threshold!;
        Assert.That((threshold.Measure, threshold.Far), Is.EqualTo((ThresholdMeasure.EqualErrorRate, (double?)null)));
        Assert.That((threshold.Features.Path, threshold.Pairs.Genuine, threshold.Pairs.Impostor),
            Is.EqualTo(("f.npy", 9, 27)));
        Assert.That((threshold.Recipe.Alignment, threshold.Recipe.Mirror, threshold.Recipe.Scale),
            Is.EqualTo(("arcface 112x112", MirrorFeatures.Sum, 0.01f)));
        // Images of the folder and features of the file are compared alike.
        float[] feature = FeatureReader.Read(_folder["f.npy"], null).Features[0].ToArray();
        Atl.Face.Face first = recognizer.FindFace(_folder["photos/0/0.png"]);
        Assert.That(recognizer.Compare(feature, first.Embedding.Span), Is.EqualTo(1).Within(1e-6));
        Assert.That(threshold.Threshold,
            Is.EqualTo(VerificationRecord.Read(_folder["f.json"]).EqualErrorThreshold));

        // Other weights are another model.
        using (Net net = new(TextFormat.Parse<NetParameter>(Net), new NetOptions { Phase = Phase.Test, Seed = 3 }))
            ProtoFiles.WriteNetBinary(_folder["model/face.caffemodel"], net.ToProto());
        Assert.That(() => FaceRecognizer.Load(_folder["model"]),
            Throws.TypeOf<AtlException>().With.Message.Contains("threshold.json: was measured with weights"));
    }

    [Test]
    public void WhatCannotBeMeasuredIsSaid()
    {
        string[] net = ["-model", "model/deploy.prototxt", "-weights", "model/face.caffemodel"];
        Do(["extract", "photos", .. net, "-fit", "resize", "-out", "f.npy"]);
        Fails(1,
            "f.npy.recipe.json: does not tell how the faces were aligned; extract them from a folder of atl align, "
            + "or with -alignment TEXT", "verify", "f.npy", "-all", "-threshold", "t.json");
        Fails(1, "the alignment is 'arcfac', expected a description",
            ["extract", "photos", .. net, "-fit", "resize", "-alignment", "arcfac", "-overwrite", "-out", "f.npy"]);
        Do(["extract", "photos", .. net, "-fit", "resize", "-alignment", "arcface 112x112", "-overwrite", "-out",
            "f.npy"]);
        Fails(1, "needs 1000 impostor pairs, found 27", "verify", "f.npy", "-all", "-threshold", "t.json");
        Fails(2, "flag '-threshold_at' is 'best', expected a rate above 0 and up to 1, eer or accuracy", "verify",
            "f.npy", "-all", "-threshold", "t.json", "-threshold_at", "best");
        Fails(2, "-threshold_at requires -threshold FILE", "verify", "f.npy", "-all", "-threshold_at", "eer");
        Assert.That(File.Exists(_folder["t.json"]), Is.False);
        File.Delete(_folder["f.npy.recipe.json"]);
        Fails(1, "f.npy.recipe.json: does not exist, so it is not known how the features in f.npy were computed",
            "verify", "f.npy", "-all", "-threshold", "t.json", "-threshold_at", "eer");
    }

    private void Do(params string[] arguments)
    {
        ProgramResult result = AtlProgram.Run(_folder.FullName, arguments);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
    }

    private void Fails(int code, string message, params string[] arguments)
    {
        ProgramResult result = AtlProgram.Run(_folder.FullName, arguments);
        Assert.That(result.ExitCode, Is.EqualTo(code), result.Errors);
        Assert.That(result.LastError, Does.Contain(message));
    }
}
