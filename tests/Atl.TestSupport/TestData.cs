namespace Atl.TestSupport;

/// <summary>Finds the repository and the folder of real inputs that lies beside it.</summary>
public static class TestData
{
    /// <summary>The repository's root: the nearest folder above the test program that holds Atl.slnx.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>../shared/data from the repository's root, or the folder named by ATL_TEST_DATA.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("ATL_TEST_DATA")
        ?? Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data"));

    /// <summary>Why a test on real inputs is skipped where there are none.</summary>
    public static string AbsentReason =>
        $"real test inputs are absent: no folder {Folder} (set ATL_TEST_DATA to where they are)";

    /// <summary>The path of a real input; skips the running test where the folder of inputs is absent (as in a user's
    /// clone).</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([Folder, .. parts]);
        if (!Directory.Exists(Folder)) Assert.Ignore(AbsentReason);
        Assert.That(Path.Exists(path), $"test input {path} is missing though {Folder} is there");
        return path;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Atl.slnx")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar));
        return folder ?? Directory.GetCurrentDirectory();
    }
}
