using Atl.Data;
using Atl.Devices.Cuda;
using Atl.Native;
using Atl.TestSupport;

namespace Atl.Tests.Native;

public sealed class NativeFilesTests
{
    // The runtime takes one resolver for an assembly; a second one would be an error of whoever comes later.
    [Test]
    public void LibrariesOfSeveralKindsAreFoundInOneProcess()
    {
        CudaLibraries.Register();
        using TemporaryFolder folder = new();
        using (LevelDbWriter writer = new(folder["db"])) writer.Put("1", [1]);
        CudaLibraries.Register();
        using LevelDbReader reader = new(folder["db"]);
        Assert.That(reader.Value.ToArray(), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void TheFirstFileThatThereIsIsTaken()
    {
        Assert.That(NativeFiles.LoadFirst(["libabsent.so.9", "libleveldb.so.1d"]), Is.Not.EqualTo((nint)0));
        Assert.That(NativeFiles.LoadFirst(["libabsent.so.9"]), Is.EqualTo((nint)0));
    }
}
