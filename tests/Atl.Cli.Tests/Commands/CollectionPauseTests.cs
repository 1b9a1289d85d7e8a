using System.Runtime;
using Atl.Cli.Commands;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>Large files are linted without collections, and the program ends without one.</summary>
[NonParallelizable]
public sealed class CollectionPauseTests : FolderFixture
{
    private static bool IsPaused => GCSettings.LatencyMode == GCLatencyMode.NoGCRegion;

    [TearDown]
    public void Resume()
    {
        if (IsPaused) GC.EndNoGCRegion();
    }

    [TestCase(1 << 10, false)]
    [TestCase(1 << 19, true)]
    public void CollectionsPauseForLargeFiles(int bytes, bool pauses)
    {
        CollectionPause.Begin([NetOf(bytes), _folder["none.prototxt"]]);
        Assert.That(IsPaused, Is.EqualTo(pauses));
    }

    [Test]
    public void APauseThatLastsIsNotBegunAgain()
    {
        string net = NetOf(1 << 19);
        CollectionPause.Begin([net]);
        Assert.That(() => CollectionPause.Begin([net]), Throws.Nothing);
        Assert.That(IsPaused, Is.True);
    }

    private string NetOf(int bytes)
    {
        string path = _folder["net.prototxt"];
        File.WriteAllBytes(path, new byte[bytes]);
        return path;
    }
}
