using Atl.Data;
using Atl.TestSupport;

namespace Atl.Tests.Data;

/// <summary>What features may replace.</summary>
public sealed class FeatureFileTests
{
    [Test]
    public void APipeHoldsNoFeaturesThatWouldBeReplaced()
    {
        using TemporaryFolder folder = new();
        OddFiles.Pipe(folder["pipe.npy"]);
        File.WriteAllText(folder["file.npy"], "");
        Assert.That(FeatureFile.IsThere(folder["pipe.npy"], "npy"), Is.False);
        Assert.That(FeatureFile.IsThere(folder["file.npy"], "npy"), Is.True);
    }
}
