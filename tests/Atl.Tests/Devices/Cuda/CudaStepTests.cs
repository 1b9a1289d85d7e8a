using Atl.Devices.Cuda;
using Atl.Nets;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Devices.Cuda;

/// <summary>
/// Training steps stay on the GPU: the nets that people train on faces have no operator that runs on the CPU, and a
/// step copies its data, its labels and its loss, nothing else.
/// </summary>
public class CudaStepTests : FolderFixture
{
    // A net of every layer that such nets have, and a second loss.
    private const string Net = """
        layer { name: "data" type: "DummyData" top: "data" top: "label" dummy_data_param {
          shape { dim: 4 dim: 3 dim: 12 dim: 12 } shape { dim: 4 } data_filler { type: "gaussian" std: 1 } data_filler { type: "uniform" min: 2 max: 2 } } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
          convolution_param { num_output: 8 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
        layer { name: "prelu1" type: "PReLU" bottom: "conv1" top: "conv1" }
        layer { name: "lrn1" type: "LRN" bottom: "conv1" top: "lrn1" lrn_param { local_size: 3 alpha: 0.1 } }
        layer { name: "conv2" type: "Convolution" bottom: "lrn1" top: "conv2"
          convolution_param { num_output: 8 kernel_size: 3 pad: 1 group: 8 bias_term: false weight_filler { type: "xavier" } } }
        layer { name: "bn2" type: "BatchNorm" bottom: "conv2" top: "conv2" }
        layer { name: "scale2" type: "Scale" bottom: "conv2" top: "conv2" scale_param { bias_term: true } }
        layer { name: "relu2" type: "ReLU" bottom: "conv2" top: "conv2" }
        layer { name: "sum" type: "Eltwise" bottom: "lrn1" bottom: "conv2" top: "sum" }
        layer { name: "pool" type: "Pooling" bottom: "sum" top: "pool" pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
        layer { name: "pool2" type: "Pooling" bottom: "sum" top: "pool2" pooling_param { pool: AVE kernel_size: 3 stride: 2 } }
        layer { name: "join" type: "Concat" bottom: "pool" bottom: "pool2" top: "join" }
        layer { name: "drop" type: "Dropout" bottom: "join" top: "join" }
        layer { name: "cut" type: "Slice" bottom: "join" top: "cut1" top: "cut2" slice_param { slice_point: 6 } }
        layer { name: "fc5" type: "InnerProduct" bottom: "cut1" top: "fc5" inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
        layer { name: "norm" type: "Normalize" bottom: "fc5" top: "norm" }
        layer { name: "fc6" type: "MarginInnerProduct" bottom: "norm" bottom: "label" top: "fc6" top: "lambda"
          margin_inner_product_param { num_output: 5 weight_filler { type: "xavier" } base: 20 gamma: 0.5 power: 1 lambda_min: 1 type: QUADRUPLE } }
        layer { name: "quiet" type: "Silence" bottom: "lambda" }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc6" bottom: "label" top: "loss" }
        layer { name: "fc7" type: "InnerProduct" bottom: "cut2" top: "fc7"
          inner_product_param { num_output: 5 normalize: true bias_term: false weight_filler { type: "xavier" } } }
        layer { name: "am" type: "LabelSpecificAdd" bottom: "fc7" bottom: "label" top: "am" label_specific_add_param { bias: -0.35 } }
        layer { name: "loss7" type: "SoftmaxWithLoss" bottom: "am" bottom: "label" top: "loss7" }
        """;

    private static IEnumerable<TestCaseData> Solvers()
    {
        string examples = Path.Combine(TestData.RepositoryRoot, "examples");
        string[] files = Directory.Exists(examples)
            ? Directory.GetFiles(examples, "*solver.prototxt", SearchOption.AllDirectories) : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
            yield return new TestCaseData(file).SetName($"OnTheGpuAlone({Path.GetRelativePath(examples, file)})");
    }

    private static IEnumerable<TestCaseData> Nets()
    {
        yield return new TestCaseData(Path.Combine(TestData.RepositoryRoot, "tests", "Atl.Benchmarks", "Nets",
            "resface28.prototxt")).SetName("OnTheGpuAlone(resface28)");
        foreach (string file in (string[])
            [
                "wy1iu+sphereface/train/code/sphereface_model.prototxt",
                "wy1iu+sphereface/train/model_lib/Sphereface-64/sphereface_64_model.prototxt",
                "BVLC+caffe/examples/mnist/lenet_train_test.prototxt",
                "KaimingHe+deep-residual-networks/prototxt/ResNet-50-deploy.prototxt",
                "BVLC+caffe/examples/cifar10/cifar10_quick_train_test.prototxt",
                "BVLC+caffe/models/bvlc_alexnet/train_val.prototxt",
            ])
            yield return new TestCaseData(Path.Combine(TestData.Folder, "prototxt",
                file)).SetName($"OnTheGpuAlone({Path.GetFileNameWithoutExtension(file)})");
    }

    [TestCaseSource(nameof(Nets))]
    public void NoOperatorOfAKnownNetRunsOnTheCpu(string file)
    {
        if (!File.Exists(file)) Assert.Ignore($"{file} is not here");
        Assert.That(FallenBack(new SolverParameter
        {
            NetParam = ProtoFiles.ReadNet(file,
            new TextFormatOptions { AllowUnknownFields = true })
        }), Is.Empty);
    }

    [TestCaseSource(nameof(Solvers))]
    public void NoOperatorOfAnExampleRunsOnTheCpu(string file)
    {
        SolverParameter parameter = ProtoFiles.ReadSolver(file);
        parameter.NetParam = ProtoFiles.ReadNet(Path.Combine(TestData.RepositoryRoot, parameter.Net));
        Assert.That(FallenBack(parameter), Is.Empty);
    }

    [Test]
    public void AStepCopiesDataLabelsAndLossesAndNothingElse([Values("SGD", "Adam")] string type,
    [Values(-1, 0.1f)] float clip)
    {
        Gpu.StandInDevice();
        SolverParameter parameter = Settings(type, clip);
        List<Type> fellBack = [];
        CudaDevice.Get(0).FellBack += fellBack.Add;
        using Solver solver = Solver.Create(parameter);
        CudaDevice.Get(0).FellBack -= fellBack.Add;
        Assert.That(fellBack, Is.Empty);
        solver.Step(2);
        (long uploads, long uploaded) = Gpu.Copies(uploads: true);
        (long downloads, long downloaded) = Gpu.Copies(uploads: false);
        solver.Step(1);
        (long uploadsAfter, long uploadedAfter) = Gpu.Copies(uploads: true);
        (long downloadsAfter, long downloadedAfter) = Gpu.Copies(uploads: false);
        Assert.That((uploadsAfter - uploads, uploadedAfter - uploaded), Is.EqualTo((2, 4 * ((4 * 3 * 12 * 12) + 4))),
            "the data and the labels go to the device");
        Assert.That((downloadsAfter - downloads, downloadedAfter - downloaded), Is.EqualTo(clip < 0 ? (2, 8) : (3, 16)),
            "the losses, and the gradient's norm, come back");
    }

    [Test]
    public void TrainingGivesTheCpusWeights([Values("SGD", "Nesterov", "AdaGrad", "RMSProp", "AdaDelta",
    "Adam")] string type)
    {
        Gpu.Device();
        SolverParameter settings = Settings(type, 0.5f);
        if (type is "AdaGrad" or "RMSProp") settings.ClearMomentum();
        using Solver gpu = Solver.Create(settings);
        settings.SolverMode = SolverParameter.Types.SolverMode.Cpu;
        using Solver cpu = Solver.Create(settings);
        Assert.That((cpu.Device.Name, gpu.Device.Name), Is.EqualTo(("cpu", "cuda:0")));
        cpu.Step(3);
        gpu.Step(3);
        for (int i = 0; i < cpu.Net.LearnableParameters.Count; i++)
        {
            float[] expected = cpu.Net.LearnableParameters[i].Blob.Data.AsReadOnlySpan().ToArray();
            float[] found = gpu.Net.LearnableParameters[i].Blob.Data.AsReadOnlySpan().ToArray();
            Assert.That(found, Is.EqualTo(expected).Within(1e-4 * Math.Max(1e-2, expected.Max(MathF.Abs))),
                $"parameter {i}");
        }
    }

    private SolverParameter Settings(string type, float clip) => new()
    {
        NetParam = TextFormat.Parse<NetParameter>(Net, "net.prototxt"),
        Type = type,
        BaseLr = 0.01f,
        LrPolicy = "fixed",
        Momentum = 0.9f,
        WeightDecay = 5e-4f,
        ClipGradients = clip,
        SolverMode = SolverParameter.Types.SolverMode.Gpu,
        RandomSeed = 3,
        SnapshotPrefix = _folder["snap"],
    };

    // The operators that fall back to the CPU where a net is built for training, on the device, with generated data in
    // the place of databases.
    private List<Type> FallenBack(SolverParameter parameter)
    {
        CudaDevice gpu = Gpu.Device();
        parameter.ClearNet();
        parameter.NetParam = GeneratedData.Replace(parameter.NetParam);
        foreach (LayerParameter layer in parameter.NetParam.Layer)
        {
            // One image is enough to make the operators.
            foreach (BlobShape shape in (layer.DummyDataParam?.Shape ?? []).Concat(layer.InputParam?.Shape ?? []))
                shape.Dim[0] = 1;
            // Weights of 0 are made at once; nothing is computed with them.
            if (layer.ConvolutionParam is { } convolution) convolution.WeightFiller = null;
            if (layer.InnerProductParam is { } product) product.WeightFiller = null;
            if (layer.MarginInnerProductParam is { } margin) margin.WeightFiller = null;
        }
        parameter.Weights.Clear();
        parameter.TestIter.Clear();
        (parameter.TestInterval, parameter.SolverMode, parameter.DeviceId) =
            (0, SolverParameter.Types.SolverMode.Gpu, 0);
        if (!parameter.HasLrPolicy) parameter.LrPolicy = "fixed";
        parameter.SnapshotPrefix = _folder["snap"];
        List<Type> fellBack = [];
        gpu.FellBack += fellBack.Add;
        try
        {
            using Solver solver = Solver.Create(parameter);
            Assert.That(solver.Device, Is.SameAs(gpu));
        }
        finally
        {
            gpu.FellBack -= fellBack.Add;
        }
        return fellBack;
    }
}
