using Atl.Data;
using Atl.Proto;
using Atl.TestSupport;
using Google.Protobuf;

namespace Atl.Cli.Tests.CommandLine;

/// <summary>What users give by mistake: one line that says where, what was found and what was expected; no stack trace;
/// exit code 1.</summary>
public sealed class BadInputTests : FolderFixture
{
    private const string Data = "layer { name: 'data' type: 'DummyData' top: 'data' top: 'label' dummy_data_param { "
        + "shape { dim: 4 dim: 3 } shape { dim: 4 } "
        + "data_filler { type: 'gaussian' std: 1 } data_filler { value: 1 } } }\n";
    private const string InnerProduct =
        "layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 2 "
            + "weight_filler { type: 'xavier' } } }\n";
    private const string Loss =
        "layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'ip' bottom: 'label' top: 'loss' }\n";

    [Test]
    public void AnUnknownLayerTypeIsNamedWithTheNearest() => TrainFails(
        Data + "layer { name: 'x' type: 'InerProduct' bottom: 'data' top: 'x' }",
            "net.prototxt:2:1: layer 'x' (InerProduct): unknown layer type 'InerProduct', did you mean "
                + "'InnerProduct'?");

    [Test]
    public void AnUnknownFieldIsNamedWithTheNearest() => TrainFails(
        Data + InnerProduct.Replace("num_output", "num_outputs", StringComparison.Ordinal), "net.prototxt:2:",
        "'num_outputs'", "did you mean 'num_output'?");

    [Test]
    public void AnUnknownFieldIsPassedOverOnRequest()
    {
        Write(Data + InnerProduct.Replace("num_output", "shiny: 3 num_output", StringComparison.Ordinal) + Loss);
        ProgramResult result = Train("--allow-unknown-fields");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors, Does.Contain("shiny"));
    }

    [Test]
    public void ABottomThatNobodyMakesIsNamed() =>
        TrainFails(Data + InnerProduct.Replace("bottom: 'data'", "bottom: 'dta'", StringComparison.Ordinal),
            "layer 'ip'", "'dta'");

    [Test]
    public void AShapeMismatchNamesBothShapes() => TrainFails(
        Data + InnerProduct + "layer { name: 'e' type: 'EuclideanLoss' bottom: 'ip' bottom: 'data' top: 'e' }",
        "layer 'e' (EuclideanLoss)", "4 2 (8)",
            "4 3 (12)");

    [Test]
    public void ALabelOutOfRangeIsNamed() =>
        TrainFails(Data.Replace("value: 1 ", "value: 7 ", StringComparison.Ordinal) + InnerProduct
            + Loss, "layer 'loss' (SoftmaxWithLoss)", "7");

    [Test]
    public void ALossThatIsNotANumberStopsTraining() => TrainFails(
        Data.Replace("std: 1", "std: 1e30", StringComparison.Ordinal) + InnerProduct
            + "layer { name: 'p' type: 'Power' bottom: 'ip' top: 'p' power_param { power: 3 } }\n"
        + "layer { name: 'e' type: 'EuclideanLoss' bottom: 'p' bottom: 'p' top: 'e' }", "the loss of iteration 0 is ",
        "'p'");

    [Test]
    public void AMissingLmdbIsNamed() =>
    TrainFails(LmdbNet("absent"), "layer 'data' (Data): absent: no such folder, expected one with an LMDB");

    [Test]
    public void ATruncatedLmdbIsNamed()
    {
        WriteLmdb(30, Image);
        string file = Path.Combine(_folder["db"], "data.mdb");
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.Length - 5000)]);
        TrainFails(LmdbNet("db"), "layer 'data' (Data): ",
            $"lies beyond its end: truncated, {bytes.Length - 5000:N0} bytes, expected {bytes.Length:N0}");
    }

    [Test]
    public void ADamagedRecordIsNamed()
    {
        WriteLmdb(3, i => i == 2 ? Image(i)[..9] : Image(i));
        TrainFails(LmdbNet("db"),
            "layer 'data' (Data): db: record '00000002_x' (3 of 3): 9 bytes that are not a complete Datum");
    }

    [Test]
    public void ATruncatedImageIsNamed()
    {
        WriteLmdb(3, i => i == 1
            ? new Datum { Encoded = true, Data = ByteString.CopyFrom(0xFF, 0xD8, 0xFF, 0xE0, 1, 2) }.ToByteArray()
            : Image(i));
        TrainFails(LmdbNet("db"),
            "layer 'data' (Data): db: record '00000001_x': 6 bytes break off before the image's end");
    }

    [Test]
    public void ASolverStateGivenAsWeightsIsExplained()
    {
        Write(Data + InnerProduct + Loss);
        Assert.That(Train().ExitCode, Is.Zero);
        Fails(Train("-weights", "out_iter_1.solverstate"), "out_iter_1.solverstate: a solver state, expected weights",
            "pass a solver state as -snapshot");
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.WeightsAsSnapshot)]
    public void WeightsGivenAsASnapshotAreExplained()
    {
        Write(Data + InnerProduct + Loss);
        Assert.That(Train().ExitCode, Is.Zero);
        Fails(Train("-snapshot", "out_iter_1.caffemodel"),
            "out_iter_1.caffemodel: a binary net with weights (caffemodel), expected a solver state",
            "pass weights as -weights");
    }

    [Test]
    public void TruncatedWeightsAreNamed()
    {
        Write(Data + InnerProduct + Loss);
        Assert.That(Train().ExitCode, Is.Zero);
        byte[] bytes = File.ReadAllBytes(_folder["out_iter_1.caffemodel"]);
        File.WriteAllBytes(_folder["half.caffemodel"], bytes[..(bytes.Length / 2)]);
        Fails(Train("-weights", "half.caffemodel"), $"half.caffemodel: {bytes.Length / 2:N0} bytes that break off");
    }

    [Test]
    public void ASnapshotFolderThatCannotBeWrittenIsNamedBeforeTraining()
    {
        Write(Data + InnerProduct + Loss, "snapshot_prefix: 'absent/out'");
        ProgramResult result = Train();
        Fails(result, "cannot write to snapshot_prefix 'absent/out', expected an existing folder that is writable");
        Assert.That(result.Errors, Does.Not.Contain("Iteration 0"));
    }

    [Test]
    public void TheTraceIsShownOnRequestOnly()
    {
        Write(Data + "layer { name: 'x' type: 'Nonsense' }");
        Assert.That(Train().Errors, Does.Not.Contain("   at Atl."));
        Assert.That(Train("-v").Errors, Does.Contain("   at Atl."));
    }

    private static byte[] Image(int number) => new Datum
    {
        Channels = 1,
        Height = 20,
        Width = 20,
        Label = number % 2,
        Data = ByteString.CopyFrom([.. Enumerable.Range(0, 400).Select(i => (byte)(i + number))]),
    }.ToByteArray();

    private static string LmdbNet(string source) =>
        $"layer {{ name: 'data' type: 'Data' top: 'data' top: 'label' data_param {{ source: '{source}' backend: "
            + $"LMDB batch_size: 3 }} }}\n"
            + InnerProduct + Loss;

    [Test]
    public void AStageOfTheTrainingNetIsNotTheTestNets()
    {
        string net = Data + InnerProduct.Replace("bottom:", "include { stage: 'go' } bottom:", StringComparison.Ordinal)
            + Loss;
        Write(net, "snapshot_after_train: false test_iter: 1 test_interval: 1");
        Fails(Train("-stage", "go"),
            "net.prototxt:3:1: layer 'loss' (SoftmaxWithLoss): unknown bottom blob 'ip' (bottom 0): layer 'ip' "
                + "(net.prototxt:2:1) produces it, but is excluded from this net (phase TEST, level 0, no stage): its "
                + "include rule requires stage 'go'", "test_state");
        Write(net, "snapshot_after_train: false test_iter: 1 test_interval: 1 test_state { stage: 'go' }");
        ProgramResult result = Train("-stage", "go");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
    }

    [Test]
    public void APathWithSingleBackslashesIsShownOnOneLine() => TrainFails(
        "layer { name: 'in' type: 'ImageData' top: 'x' top: 'y' image_data_param { source: 'data\\new\\train.txt' "
            + "batch_size: 1 } }",
        @"net.prototxt:1:1: layer 'in' (ImageData): data\new\train.txt: no such file, expected a list of images",
        @"write / or \\ for each \ of a path");

    [Test]
    public void TwoLayersOfOneNameAreNamedWithBothLines() => TrainFails(
        Data + InnerProduct + InnerProduct.Replace("top: 'ip'", "top: 'ip2'", StringComparison.Ordinal) + Loss,
        "net.prototxt:3:1: layer 'ip' (InnerProduct): has the name of net.prototxt:2:1: layer 'ip' (InnerProduct)");

    private void TrainFails(string net, params string[] messages)
    {
        Write(net);
        Fails(Train(), messages);
    }

    private static void Fails(ProgramResult result, params string[] messages)
    {
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        Assert.That(result.LastError, Does.StartWith("atl train: "));
        foreach (string message in messages) Assert.That(result.LastError, Does.Contain(message));
        Assert.That(result.Errors, Does.Not.Contain("   at Atl."), "no stack trace");
    }

    private void Write(string net, string more = "snapshot_prefix: 'out'")
    {
        File.WriteAllText(_folder["net.prototxt"], net);
        File.WriteAllText(_folder["solver.prototxt"],
            $"net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 1 {more}");
    }

    private void WriteLmdb(int records, Func<int, byte[]> content)
    {
        using LmdbWriter writer = new(_folder["db"]);
        for (int i = 0; i < records; i++) writer.Put(LmdbWriter.KeyOf(i, "x"), content(i));
    }

    private ProgramResult Train(params string[] more) =>
        AtlProgram.Run(_folder.FullName, ["train", "-solver", "solver.prototxt", .. more]);
}
