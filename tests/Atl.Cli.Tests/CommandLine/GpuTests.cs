using System.Reflection;
using Atl.TestSupport;

namespace Atl.Cli.Tests.CommandLine;

/// <summary>Commands on a GPU, which is the CUDA stand-in, and on machines that lack one, or part of what it
/// needs.</summary>
public sealed class GpuTests : FolderFixture
{
    private const string Net = """
        name: "faces"
        layer { name: "data" type: "DummyData" top: "data" top: "label" dummy_data_param {
          shape { dim: 6 dim: 5 } shape { dim: 6 } data_filler { type: "gaussian" std: 1 } data_filler { value: 2 } } }
        layer { name: "twice" type: "Tile" bottom: "data" top: "twice" tile_param { tiles: 2 } }
        layer { name: "more" type: "Tile" bottom: "twice" top: "more" tile_param { tiles: 2 } }
        layer { name: "fc5" type: "InnerProduct" bottom: "more" top: "fc5" inner_product_param { num_output: 7 weight_filler { type: "xavier" } } }
        layer { name: "fc6" type: "MarginInnerProduct" bottom: "fc5" bottom: "label" top: "fc6"
          margin_inner_product_param { num_output: 5 weight_filler { type: "xavier" } type: DOUBLE lambda_min: 1 } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc6" bottom: "label" top: "loss" }
        """;

    private static readonly Dictionary<string, string> NoDriver = new() { ["ATL_CUDA_DRIVER"] = "libatl-absent.so.1" };

    [SetUp]
    public void WriteNet()
    {
        File.WriteAllText(_folder["net.prototxt"], Net);
        WriteSolver("");
    }

    [TestCase("", "-gpu", "0")]
    [TestCase("", "-gpu=all", "-gpu_memory=32")]
    [TestCase("solver_mode: GPU")]
    [TestCase("solver_mode: GPU device_id: 0")]
    [TestCase("solver_mode: CPU", "-gpu", "0")]
    public void TrainRunsOnTheGpu(string settings, params string[] flags)
    {
        WriteSolver(settings);
        ProgramResult result = Run(Gpu(), ["train", "-solver", "solver.prototxt", .. flags]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        foreach (string line in new[] { "Using GPUs 0", "GPU 0: Atl stand-in", "Optimization Done." })
            Assert.That(result.Errors, Does.Contain($"] {line}\n"));
        Assert.That(result.Errors, Does.Not.Contain("Use CPU"));
        string[] fallbacks = [.. result.Errors.Split('\n')
            .Where(line => line.Contains("it runs on the CPU, with copies", StringComparison.Ordinal))];
        Assert.That(fallbacks, Has.Length.EqualTo(1), "one line an operator");
        Assert.That(fallbacks[0], Does.EndWith("] cuda:0 has no Tile: it runs on the CPU, with copies"));
    }

    [Test]
    public void TestAndTimeRunOnTheFirstGpuOfSeveral()
    {
        Assert.That(Run(Gpu(), "train", "-solver", "solver.prototxt").ExitCode, Is.Zero);
        ProgramResult tested = Run(Gpu(), "test", "-model", "net.prototxt", "-weights", "out_iter_3.caffemodel",
            "-iterations", "2", "-gpu", "0,1");
        Assert.That(tested.ExitCode, Is.Zero, tested.Errors);
        Assert.That(tested.Errors,
            Does.Contain("Use GPU with device ID 0").And.Contain("GPU device name: Atl stand-in").And.Match(
                "loss = [0-9.]+"));
        ProgramResult timed = Run(Gpu(), "time", "-model", "net.prototxt", "-iterations", "2", "-gpu", "0");
        Assert.That(timed.ExitCode, Is.Zero, timed.Errors);
        Assert.That(timed.Errors, Does.Contain("Use GPU with device ID 0").And.Match(@"fc6\tbackward: [0-9.e-]+ ms"));
    }

    [Test]
    public void DeviceQueryTellsWhatTheDriverSays()
    {
        ProgramResult shown = Run(Gpu(), "device_query", "-gpu", "all");
        Assert.That(shown.ExitCode, Is.Zero, shown.Errors);
        foreach (string line in new[] { "Device id: +0", "Name: +Atl stand-in", "Major revision number: +7",
            @"Driver's CUDA version: +12\.4" })
            Assert.That(shown.Errors, Does.Match($@"\] {line}\n"));
        Assert.That(shown.Errors,
            Does.Match($@"\] Driver's binding: +{CudaStandIn.Binding(Assembly.Load("Atl.Cli"))}"));
        Assert.That(Run(Gpu(), "device_query").Errors, Does.Match(@"GPUs: +1\n"));
        ProgramResult none = Run(NoDriver, "device_query");
        Assert.That(none.ExitCode, Is.Zero, none.Errors);
        Assert.That(none.Errors, Does.Match(@"GPUs: +none \(no CUDA driver: libatl-absent\.so\.1 was not found"));
    }

    [Test]
    public void ASolverThatAsksForAGpuTrainsOnTheCpuOfAMachineWithoutOne([Values] bool driver)
    {
        WriteSolver("solver_mode: GPU");
        ProgramResult result = Run(driver ? Gpu("ATL_STANDIN_NO_DEVICE", "1") : NoDriver, "train", "-solver",
            "solver.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        string[] warnings = [.. result.Errors.Split('\n').Where(line => line.StartsWith('W'))];
        Assert.That(warnings, Has.Exactly(1).Items);
        Assert.That(warnings[0], Does.EndWith(": training on the CPU").And.Contain("solver_mode: GPU, but ")
            .And.Contain(driver ? "cuInit failed: CUDA_ERROR_NO_DEVICE (100)"
                : "no CUDA driver: libatl-absent.so.1 was not found"));
        Assert.That(result.Errors, Does.Contain("] Use CPU.").And.Contain("] Optimization Done."));
    }

    [TestCase("train", "-solver", "solver.prototxt")]
    [TestCase("time", "-model", "net.prototxt")]
    [TestCase("test", "-model", "net.prototxt", "-weights", "any.caffemodel")]
    [TestCase("run", "-model", "net.prototxt", "-out", "blobs")]
    [TestCase("device_query")]
    public void AGpuThatIsAskedForByAFlagMustBeThere(string command, params string[] flags)
    {
        Fails(Run(NoDriver, [command, .. flags, "-gpu", "0"]),
            "no CUDA driver: libatl-absent.so.1 was not found or cannot be loaded");
        Fails(Run(Gpu("ATL_STANDIN_NO_DEVICE", "1"), [command, .. flags, "-gpu", "0"]),
            "finds no GPU that it can use: cuInit failed: CUDA_ERROR_NO_DEVICE (100)");
        Fails(Run(Gpu(), [command, .. flags, "-gpu", "3"]),
            "GPU 3 does not exist: this machine has 1, numbered from 0");
    }

    [Test]
    public void ALibraryThatIsNoDriverIsNamed()
    {
        Dictionary<string, string> environment = Gpu();
        environment["ATL_CUDA_DRIVER"] = "libc.so.6";
        TrainFails(environment, "the CUDA driver cannot be used: libc.so.6 has no function cuInit");
    }

    [Test]
    public void KernelsThatAreMissingOrDamagedAreNamed()
    {
        Dictionary<string, string> gpu = Gpu();
        string kernels = gpu["ATL_CUDA_KERNELS"];
        byte[] whole = File.ReadAllBytes(kernels);
        File.Delete(kernels);
        TrainFails(gpu, $"the CUDA kernels are missing: expected {kernels}");
        File.WriteAllText(kernels, "these are no kernels at all");
        TrainFails(gpu, $"{kernels} is not a fatbin of CUDA kernels");
        File.WriteAllBytes(kernels, whole[..15]);
        TrainFails(gpu, $"{kernels} is not a fatbin of CUDA kernels");
        File.WriteAllBytes(kernels, [.. whole[..8], 200, .. whole[9..], 1, 2, 3]);
        TrainFails(gpu, $"{kernels} is damaged: 19 bytes, expected 216 by its header");
    }

    [TestCase("cuModuleLoadData=200", "cannot be loaded: cuModuleLoadData failed: CUDA_ERROR_INVALID_IMAGE (200)")]
    [TestCase("cuModuleLoadData=209",
        "cuModuleLoadData failed: CUDA_ERROR_NO_BINARY_FOR_GPU (209); Atl stand-in has compute capability 7.5, and "
            + "the kernels need 7.0")]
    [TestCase("cuModuleGetFunction=500", "has no kernel atl_", "CUDA_ERROR_NOT_FOUND (500)")]
    [TestCase("cuMemAlloc=2", "cannot be allocated: cuMemAlloc failed: CUDA_ERROR_OUT_OF_MEMORY (2)")]
    [TestCase("cuLaunchKernel=700", "cuLaunchKernel failed: CUDA_ERROR_ILLEGAL_ADDRESS (700)")]
    [TestCase("cuMemcpyHtoDAsync=700", "cuMemcpyHtoDAsync failed: CUDA_ERROR_ILLEGAL_ADDRESS (700)")]
    [TestCase("cuStreamSynchronize=719", "cuStreamSynchronize failed: unknown CUDA error (719)")]
    public void WhatTheDriverRefusesIsNamed(string failure, params string[] messages) =>
    TrainFails(Gpu("ATL_STANDIN_FAIL", failure), messages);

    [Test]
    public void MemoryThatRunsOutIsReported()
    {
        TrainFails(Gpu("ATL_STANDIN_MEMORY", "300"), "cuMemAlloc failed: CUDA_ERROR_OUT_OF_MEMORY (2)");
        string large = Net.Replace("dim: 6", "dim: 600", StringComparison.Ordinal)
            .Replace("num_output: 7", "num_output: 700", StringComparison.Ordinal);
        File.WriteAllText(_folder["net.prototxt"], large);
        TrainFails(Gpu(), ["-gpu_memory", "1"], "cannot be allocated: the limit is reached");
    }

    [Test]
    public void CublasThatIsMissingIsNamed() =>
    TrainFails(Gpu("ATL_CUBLAS", "libatl-no-cublas.so"), "cuBLAS was not found: expected libatl-no-cublas.so");

    [TestCase("-gpu 0,1: training runs on one GPU, expected the number of one", 1, "-gpu", "0,1")]
    [TestCase("flag '-gpu' is 'one', expected numbers of GPUs with commas between them, or all", 2, "-gpu", "one")]
    [TestCase("flag '-gpu_memory' is '0', expected a positive number of MiB", 2, "-gpu", "0", "-gpu_memory", "0")]
    public void AGpuFlagThatCannotBeMeantIsRefused(string message, int code, params string[] flags)
    {
        ProgramResult result = Run(Gpu(), ["train", "-solver", "solver.prototxt", .. flags]);
        Assert.That((result.ExitCode, result.LastError[(result.LastError.IndexOf(": ", StringComparison.Ordinal)
            + 2)..]), Is.EqualTo((code, message)));
    }

    private void TrainFails(Dictionary<string, string> environment, params string[] messages) =>
        TrainFails(environment, [], messages);

    private void TrainFails(Dictionary<string, string> environment, string[] flags, params string[] messages) =>
        Fails(Run(environment, ["train", "-solver", "solver.prototxt", "-gpu", "0", .. flags]), messages);

    private static void Fails(ProgramResult result, params string[] messages)
    {
        Assert.That(result.ExitCode, Is.EqualTo(1), result.Errors);
        foreach (string message in messages) Assert.That(result.Errors, Does.Contain(message));
        Assert.That(result.Errors,
            Does.Match(@"\natl \w+: ").Or.StartsWith("atl ").And.Not.Contain("an error of the program"));
    }

    private void WriteSolver(string settings) => File.WriteAllText(
        _folder["solver.prototxt"], $"net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 3 random_seed: "
            + $"5 snapshot_prefix: 'out' {settings}");

    private Dictionary<string, string> Gpu(string variable = "", string value = "")
    {
        Dictionary<string, string> environment = CudaStandIn.Environment(_folder["kernels.fatbin"]);
        if (variable.Length > 0) environment[variable] = value;
        return environment;
    }

    private ProgramResult Run(Dictionary<string, string> environment, params string[] arguments) =>
        AtlProgram.Run(_folder.FullName, environment, arguments);
}
