namespace Atl.TestSupport;

/// <summary>A folder of its own for one test, removed with everything in it at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder's path.</summary>
    public string FullName { get; } = Directory.CreateTempSubdirectory("atl-test-").FullName;

    /// <summary>The path of a name in the folder.</summary>
    public string this[string name] => Path.Combine(FullName, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullName, true);
}
