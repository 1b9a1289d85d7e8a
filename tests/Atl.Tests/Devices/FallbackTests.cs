using Atl.Operators;
using Atl.TestSupport;

namespace Atl.Tests.Devices;

/// <summary>What is said of operators that a device lacks.</summary>
public sealed class FallbackTests
{
    [Test]
    public void AnOperatorThatRunsOnTheCpuIsToldOnceToEveryLogger()
    {
        using FaultyDevice device = new();
        LogCapture first = new(), second = new();
        foreach (LogCapture? log in (LogCapture?[])[null, first, first, second])
            device.Create(new AffineSpec(new Shape(2, 3), 1, 1), log).Dispose();
        foreach (LogCapture log in (LogCapture[])[first, second])
            Assert.That(log.Warnings.Single(),
                Does.EndWith($"{device.Name} has no Affine: it runs on the CPU, with copies"));
    }
}
