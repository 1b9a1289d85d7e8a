using System.Reflection;
using Atl.Devices.Cuda;
using Atl.TestSupport;

namespace Atl.Tests.Devices.Cuda;

/// <summary>Which binding of the CUDA driver is in use.</summary>
public sealed class CudaBindingTests
{
    [Test]
    public void TheBindingIsThatOfTheBuild() =>
        Assert.That(Gpu.Device().Driver.Name, Does.StartWith(CudaStandIn.Binding(Assembly.GetExecutingAssembly())));

    // All tests of the CUDA device run through ManagedCuda then.
    [Test]
    public void AReferenceToManagedCudaIsEnough()
    {
        if (!CudaStandIn.HasManagedCuda(Assembly.GetExecutingAssembly()))
            Assert.Ignore("these tests are built without Atl.ManagedCuda: -p:WithManagedCuda=true adds it "
                + "(docs/gpu.md)");
        Assert.That(Gpu.Device().Driver.Name, Does.Match(@"^ManagedCuda \d+\.\d+\.\d+$"));
        Assert.That(Gpu.Device().Driver.GetType().Assembly.GetName().Name, Is.EqualTo("Atl.ManagedCuda"));
    }

    [Test]
    public void ABindingIsChosenBeforeTheDriverIsLoaded()
    {
        Gpu.Device();
        Assert.That(() => CudaDriver.Use(_ => throw new NotSupportedException()), Throws.InvalidOperationException
            .With.Message.Contains("the CUDA driver is in use already").And.Message.Contains(
                "before the first use of a GPU"));
    }
}
