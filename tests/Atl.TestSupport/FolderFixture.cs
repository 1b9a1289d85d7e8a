namespace Atl.TestSupport;

/// <summary>Tests that each have a folder of their own.</summary>
public abstract class FolderFixture
{
    protected TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();
}
