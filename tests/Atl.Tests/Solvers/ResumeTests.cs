using Atl.Layers;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;
using OpenCvSharp;

namespace Atl.Tests.Solvers;

/// <summary>A run that is stopped and resumed by another solver equals the run that was not, bit for bit.</summary>
public class ResumeTests
{
    [TestCase("SGD", "momentum: 0.9 weight_decay: 0.0005")]
    [TestCase("Nesterov", "momentum: 0.9 iter_size: 2")]
    [TestCase("AdaGrad", "momentum: 0 clip_gradients: 0.3")]
    [TestCase("RMSProp", "momentum: 0 lr_policy: 'multistep' stepvalue: 50 stepvalue: 150 gamma: 0.5")]
    [TestCase("AdaDelta", "momentum: 0.9 delta: 1e-5")]
    [TestCase("Adam", "momentum: 0.9 lr_policy: 'step' stepsize: 70 gamma: 0.5")]
    [CaffeBehaviour(CaffeBehaviour.ResumeIsExact)]
    public void EverySolverGoesOnWhereItStopped(string type, string settings) =>
        Check(SolverRig.MarginNet.Replace("TRIPLET", "", StringComparison.Ordinal),
            $"type: '{type}' base_lr: 0.01 {settings}", 73);

    [TestCase("SGD", "")]
    [TestCase("Adam", "lr_policy: 'step' stepsize: 70 gamma: 0.5")]
    public void Hdf5SnapshotsGoOnToo(string type, string settings) => Check(
        SolverRig.MarginNet.Replace("TRIPLET", "triplet: true", StringComparison.Ordinal),
            $"type: '{type}' base_lr: 0.01 random_seed: -1 snapshot_format: HDF5 {settings}", 60);

    // The test net's data is drawn anew in each forward: its figures tell whether its state went on.
    [TestCase("BINARYPROTO")]
    [TestCase("HDF5")]
    public void TestNetsGoOn(string format)
    {
        using SolverRig rig = new(SolverRig.Net.Replace(
            "layer { name: \"in\"",
            "layer { name: \"test\" type: \"DummyData\" top: \"data\" top: \"target\" include { phase: TEST } dummy_data_param { shape { dim: 4 dim: 3 } "
            + "data_filler { type: \"gaussian\" std: 1 } } }\nlayer { include { phase: TRAIN } name: \"in\"",
            StringComparison.Ordinal));
        string settings = $"test_iter: 2 test_interval: 1000 snapshot_format: {format}";
        using Solver whole = rig.Create(settings), second = rig.Create(settings + " random_seed: 99");
        whole.Test();
        whole.Step(3);
        string state = whole.Snapshot();
        second.Restore(state);
        double[] expected = Scores(whole.Test()!);
        Assert.That(Scores(second.Test()!), Is.EqualTo(expected));
        Assert.That(Scores(second.Test()!), Is.Not.EqualTo(expected), "each test sees new data");

        static double[] Scores(SolverTestResult result) => [.. result.Scores.Select(score => score.Value)];
    }

    [TestCase(1)]
    [TestCase(111)]
    public void TripletsDrawsGoOn(int interruption) =>
        Check(SolverRig.MarginNet.Replace("TRIPLET", "triplet: true", StringComparison.Ordinal), "base_lr: 0.01",
            interruption);

    // Nobody chose the seed: the state carries it.
    [Test]
    public void ARunWithoutASeedGoesOnToo() =>
        Check(SolverRig.MarginNet.Replace("TRIPLET", "triplet: true", StringComparison.Ordinal),
            "base_lr: 0.01 random_seed: -1", 60);

    // Shuffled images, mirrored and cropped at random, and dropout.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.ResumeIsExact)]
    public void ShuffledDataAndDropoutGoOn()
    {
        using TemporaryFolder images = new();
        for (int i = 0; i < 7; i++)
        {
            using Mat image = new(5, 6, MatType.CV_8UC3);
            Cv2.Randu(image, new Scalar(0, 0, 0), new Scalar(255, 255, 255));
            Cv2.ImWrite(images[$"{i}.png"], image);
        }
        File.WriteAllLines(images["list.txt"], Enumerable.Range(0, 7).Select(i => $"{i}.png {i % 3}"));
        string data = $$"""
            name: "images"
            layer { name: "data" type: "ImageData" top: "data" top: "label"
              transform_param { mirror: true crop_size: 4 mean_value: 127.5 scale: 0.0078125 }
              image_data_param { source: '{{images["list.txt"]}}' root_folder: '{{images.FullName}}/' batch_size: 5 shuffle: true rand_skip: 4 } }
            layer { name: "dropout" type: "Dropout" bottom: "data" top: "dropped" }
            layer { name: "gain" type: "Scale" bottom: "dropped" top: "gained" scale_param { bias_term: true filler { type: "gaussian" std: 1 } } }
            """;
        string rest =
            SolverRig.MarginNet[SolverRig.MarginNet.IndexOf("layer { name: \"slope\"", StringComparison.Ordinal)..]
            .Replace("TRIPLET", "", StringComparison.Ordinal);
        Check(data + rest, "base_lr: 0.01", 52);
        Check(data + rest, "base_lr: 0.01 random_seed: -1 iter_size: 2", 31);
    }

    // Convolutions on blocked layouts, batch statistics, and inputs that are drawn anew in each forward.
    [Test]
    public void AConvolutionalNetGoesOn() => Check(
        """
        name: "convolutional"
        layer { name: "data" type: "DummyData" top: "data" top: "target"
          dummy_data_param {
            shape { dim: 4 dim: 3 dim: 12 dim: 12 } shape { dim: 4 dim: 5 }
            data_filler { type: "gaussian" std: 1 } data_filler { type: "uniform" min: -1 max: 1 } } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
          convolution_param { num_output: 16 kernel_size: 3 pad: 1 weight_filler { type: "msra" } } }
        layer { name: "norm" type: "BatchNorm" bottom: "conv1" top: "conv1" }
        layer { name: "scale" type: "Scale" bottom: "conv1" top: "conv1" scale_param { bias_term: true } }
        layer { name: "slope" type: "PReLU" bottom: "conv1" top: "conv1" }
        layer { name: "conv2" type: "Convolution" bottom: "conv1" top: "conv2"
          convolution_param { num_output: 32 kernel_size: 3 stride: 2 weight_filler { type: "msra" } } }
        layer { name: "pool" type: "Pooling" bottom: "conv2" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: "out" type: "InnerProduct" bottom: "pool" top: "out" inner_product_param { num_output: 5 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "out" bottom: "target" top: "loss" }
        """,
        "base_lr: 0.01 weight_decay: 0.0005 clip_gradients: 5",
        33,
        total: 60);

    [Test]
    [CaffeBehaviour(CaffeBehaviour.MarginCountSurvives)]
    public void AStateWithoutLayerStateSetsTheMarginLayersCount()
    {
        using SolverRig rig = new(SolverRig.MarginNet.Replace("TRIPLET", "iteration: 1000", StringComparison.Ordinal));
        using Solver first = rig.Create("base_lr: 0.01 iter_size: 3");
        first.Step(5);
        string path = first.Snapshot();
        SolverState state = ProtoFiles.ReadSolverState(path);
        state.LayerState.Clear();
        state.ClearRandomSeed();
        ProtoFiles.WriteSolverState(path, state);
        using Solver second = rig.Create("base_lr: 0.01 iter_size: 3");
        LogCapture log = rig.CaptureLog();
        second.Restore(path);
        Assert.That(log.Of("solver.cpp"), Has.One.Contains("has no layer state"));
        Assert.That(((MarginInnerProductLayer)second.Net.FindLayer("margin")!).Forwards, Is.EqualTo(1000 + 5 * 3));
        first.Step(5);
        second.Step(5);
        Assert.That(SolverRig.Parameters(second), Is.EqualTo(SolverRig.Parameters(first)));
    }

    private static void Check(string net, string settings, int interruption, int total = 200)
    {
        using SolverRig rig = new(net);
        using Solver whole = rig.Create(settings);
        string state;
        // The first half starts from the whole run's weights and seed, which only differ where the seed was not chosen.
        using (Solver first = rig.Create(settings))
        {
            string start = whole.Snapshot();
            first.Restore(start);
            first.Step(interruption);
            state = first.Snapshot();
        }
        using Solver second = rig.Create(settings);
        second.Restore(state);
        whole.Step(total);
        second.Step(total - interruption);
        Assert.That(second.Iteration, Is.EqualTo(total));
        Assert.That(SolverRig.Parameters(second), Is.EqualTo(SolverRig.Parameters(whole)));
        Assert.That(((SgdSolver)second).History.Select(tensor => tensor.AsReadOnlySpan().ToArray()),
            Is.EqualTo(((SgdSolver)whole).History.Select(tensor => tensor.AsReadOnlySpan().ToArray())));
        Assert.That(SolverRig.Parameters(whole).SelectMany(values => values), Has.None.NaN);
    }
}
