using Atl.Tests.GradientChecking;

namespace Atl.Tests.Devices.Cuda;

/// <summary>Layers on the CUDA device held against the CPU: every case whose gradient is checked there, and sizes at
/// which kernels work otherwise.</summary>
public class CudaLayerTests
{
    private static IEnumerable<TestCaseData> Cases =>
        GradientTests.All.Concat(CudaCases.All).Select(test => new TestCaseData(test).SetName($"OnAGpu({test.Name})"));

    [TestCaseSource(nameof(Cases))]
    public void ALayersTopsAndGradientsAreTheCpus(object test) =>
    GradientChecker.CheckAgainstTheCpu((GradientCase)test, Gpu.Device());
}
