using Atl.Devices;
using Atl.Proto;
using Atl.Solvers;
using Atl.TestSupport;

namespace Atl.Tests.Devices.Cuda;

/// <summary>A whole net on the CUDA device, most of whose operators run on the CPU in between, held against the same
/// net on the CPU.</summary>
public class CudaNetTests : FolderFixture
{
    // Layers that change the memory's layout, work in place, split and join, before the margin layer.
    private const string Net = """
        name: "faces"
        layer { name: "data" type: "DummyData" top: "data" top: "label" dummy_data_param {
          shape { dim: 6 dim: 3 dim: 9 dim: 9 } shape { dim: 6 } data_filler { type: "gaussian" std: 1 } data_filler { value: 2 } } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
          convolution_param { num_output: 16 kernel_size: 3 stride: 2 weight_filler { type: "xavier" } } }
        layer { name: "relu1" type: "PReLU" bottom: "conv1" top: "conv1" }
        layer { name: "conv2" type: "Convolution" bottom: "conv1" top: "conv2"
          convolution_param { num_output: 16 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
        layer { name: "sum" type: "Eltwise" bottom: "conv1" bottom: "conv2" top: "sum" }
        layer { name: "pool" type: "Pooling" bottom: "sum" top: "pool" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "fc5" type: "InnerProduct" bottom: "pool" top: "fc5" inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
        layer { name: "fc6" type: "MarginInnerProduct" bottom: "fc5" bottom: "label" top: "fc6" top: "lambda"
          margin_inner_product_param { num_output: 5 weight_filler { type: "xavier" } base: 20 gamma: 0.5 power: 1 lambda_min: 1 MARGIN } }
        layer { name: "quiet" type: "Silence" bottom: "lambda" }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc6" bottom: "label" top: "loss" }
        """;

    private static readonly string[] Margins =
    [
        "type: SINGLE", "type: DOUBLE", "type: TRIPLE semihard: true", "type: QUADRUPLE",
        "type: DOUBLE triplet: true semihard: true",
    ];

    [TestCaseSource(nameof(Margins))]
    public void EveryBlobAndGradientIsTheCpus(string margin)
    {
        NetParameter parameter = TextFormat.Parse<NetParameter>(Text(margin), "net.prototxt");
        using Atl.Net cpu = Run(parameter, Device.Cpu), gpu = Run(parameter, Gpu.Device());
        foreach (Blob expected in cpu.Blobs)
        {
            Blob found = gpu.Blobs.Single(blob => blob.Name == expected.Name);
            AssertClose(found.Data, expected.Data, $"{expected.Name}'s data");
            AssertClose(found.Diff, expected.Diff, $"{expected.Name}'s diff");
        }
        for (int i = 0; i < cpu.LearnableParameters.Count; i++)
            AssertClose(gpu.LearnableParameters[i].Blob.Diff, cpu.LearnableParameters[i].Blob.Diff,
                $"the gradient of parameter {i}");
    }

    [TestCaseSource(nameof(Margins))]
    public void TrainingGivesTheCpusWeights(string margin)
    {
        using Solver cpu = Train(margin, "solver_mode: CPU", 5), gpu = Train(margin, "solver_mode: GPU", 5);
        Assert.That((cpu.Device.Name, gpu.Device.Name), Is.EqualTo(("cpu", "cuda:0")));
        Assert.That(gpu.SmoothedLoss, Is.EqualTo(cpu.SmoothedLoss).Within(1e-4).Percent.Or.EqualTo(cpu.SmoothedLoss)
            .Within(1e-4));
        for (int i = 0; i < cpu.Net.LearnableParameters.Count; i++)
            AssertClose(gpu.Net.LearnableParameters[i].Blob.Data, cpu.Net.LearnableParameters[i].Blob.Data,
                $"parameter {i}");
    }

    [Test]
    public void ARunThatGoesOnFromASnapshotIsBitForBitTheOneThatWasNotInterrupted()
    {
        const string Margin = "type: DOUBLE triplet: true semihard: true";
        using Solver whole = Train(Margin, "solver_mode: GPU", 6), half = Train(Margin, "solver_mode: GPU", 3);
        string state = half.Snapshot();
        using Solver resumed = Create(Margin, "solver_mode: GPU");
        resumed.Restore(state);
        resumed.Step(3);
        for (int i = 0; i < whole.Net.LearnableParameters.Count; i++)
            Assert.That(resumed.Net.LearnableParameters[i].Blob.Data.AsReadOnlySpan().ToArray(),
                Is.EqualTo(whole.Net.LearnableParameters[i].Blob.Data.AsReadOnlySpan().ToArray()), $"parameter {i}");
    }

    [Test]
    public void AGpuThatTheMachineLacksIsAnErrorAtTheFieldThatNamesIt()
    {
        Gpu.Device();
        SolverException refused = Assert.Throws<SolverException>(() =>
            Create("type: SINGLE", "solver_mode: GPU\ndevice_id: 1000"))!;
        Assert.That(refused.Message,
            Does.Contain("solver.prototxt:2:1: solver_mode: GPU with device_id: 1000: GPU 1000 does not exist: this "
                + "machine has "));
    }

    private static Atl.Net Run(NetParameter parameter, Device device)
    {
        Atl.Net net = new(parameter, new NetOptions { Phase = Phase.Train, Device = device, Seed = 5, KeepAll = true });
        net.Forward();
        net.ClearParameterDiffs();
        net.Backward();
        return net;
    }

    private Solver Train(string margin, string settings, int iterations)
    {
        Solver solver = Create(margin, settings);
        solver.Step(iterations);
        return solver;
    }

    private Solver Create(string margin, string settings)
    {
        Gpu.Device();
        SolverParameter parameter = TextFormat.Parse<SolverParameter>(settings, _folder["solver.prototxt"]);
        parameter.NetParam = TextFormat.Parse<NetParameter>(Text(margin), _folder["net.prototxt"]);
        (parameter.BaseLr, parameter.LrPolicy, parameter.Momentum, parameter.WeightDecay, parameter.RandomSeed) =
            (0.05f, "fixed", 0.9f, 5e-4f, 3);
        parameter.SnapshotPrefix = _folder["snap"];
        return Solver.Create(parameter);
    }

    private static string Text(string margin) => Net.Replace("MARGIN }", $"{margin} }}", StringComparison.Ordinal);

    private static void AssertClose(Tensor found, Tensor expected, string what)
    {
        float[] of = expected.AsReadOnlySpan().ToArray(), by = found.AsReadOnlySpan().ToArray();
        float largest = of.Select(MathF.Abs).DefaultIfEmpty(0).Max();
        Assert.That(by, Is.EqualTo(of).Within(1e-4 * Math.Max(largest, 1e-3)), what);
    }
}
