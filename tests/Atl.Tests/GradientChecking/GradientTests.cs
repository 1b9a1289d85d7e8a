using System.Reflection;
using Atl.Devices;
using Atl.Layers;

namespace Atl.Tests.GradientChecking;

/// <summary>Runs every declared gradient case.</summary>
public class GradientTests
{
    // The layers that have no case, and why.
    private static readonly Dictionary<string, string> WithoutCase = new()
    {
        ["Accuracy"] = "counts",
        ["ArgMax"] = "gives indices",
        ["Data"] = "has no bottoms",
        ["DetectionOutput"] = "chooses boxes",
        ["DummyData"] = "has no bottoms",
        ["HDF5Data"] = "has no bottoms",
        ["HDF5Output"] = "has no tops",
        ["ImageData"] = "has no bottoms",
        ["Input"] = "has no bottoms",
        ["MemoryData"] = "has no bottoms",
        ["PriorBox"] = "reads shapes alone",
        ["Silence"] = "has no tops; its zero gradient is tested beside it",
        ["Threshold"] = "is constant between its jumps",
        ["WindowData"] = "has no bottoms",
    };

    /// <summary>Every declared case.</summary>
    internal static IEnumerable<GradientCase> All =>
        from type in typeof(GradientTests).Assembly.GetTypes()
        where type.GetCustomAttribute<GradientCasesAttribute>() is not null
        orderby type.Name
        let cases = type.GetProperty("Cases", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            ?? throw new InvalidOperationException($"{type} needs a static property Cases")
        from test in (IEnumerable<GradientCase>)cases.GetValue(null)!
        select test;

    private static IEnumerable<TestCaseData> OnTheCpu =>
        All.Select(test => new TestCaseData(test).SetName($"Gradient({test.Name})"));

    [TestCaseSource(nameof(OnTheCpu))]
    public void BackwardIsTheGradientOfForward(object test) => GradientChecker.Check((GradientCase)test, Device.Cpu);

    private static IEnumerable<TestCaseData> OnAGpu =>
        All.Where(test => test.ToParameter().Type == "MarginInnerProduct")
        .Select(test => new TestCaseData(test).SetName($"GradientOnAGpu({test.Name})"));

    [TestCaseSource(nameof(OnAGpu))]
    public void BackwardOnAGpuIsTheGradientOfForward(object test) =>
    GradientChecker.Check((GradientCase)test, Devices.Cuda.Gpu.Device());

    [Test]
    public void EveryLayerWithAGradientHasACase()
    {
        HashSet<string> covered = [.. All.Select(test => test.ToParameter().Type)];
        Assert.That(LayerRegistry.Types.Where(type => !covered.Contains(type) && !WithoutCase.ContainsKey(type)),
            Is.Empty);
    }

    [Test]
    public void NoCaseIsDeclaredOfALayerSaidToHaveNone() =>
        Assert.That(All.Select(test => test.ToParameter().Type).Where(WithoutCase.ContainsKey), Is.Empty);
}
