namespace Atl.Build;

/// <summary>The NuGet packages of Atl.</summary>
internal static class NuGetPackages
{
    /// <summary>The folder of the packages; a feed for <c>dotnet add package --source</c>.</summary>
    public const string Folder = "artifacts/packages";

    /// <summary>The names of the packages, and of their projects.</summary>
    public static readonly string[] Projects =
        ["Atl.Proto", "Atl", "Atl.Images", "Atl.Face", "Atl.Face.Extensions.AI", "Atl.Cli"];

    /// <summary>Packs the projects, with the native libraries, and their symbols.</summary>
    public static string Pack()
    {
        string[] libraries = CarriedLibraries.Collect();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, true);
        foreach (string project in Projects)
            Shell.Run("dotnet", ["pack", $"managed/{project}/{project}.csproj", "-c", "Release", "-v", "quiet",
                "-nologo", "-nodeReuse:false", "-tl:off", "-p:ContinuousIntegrationBuild=true", .. libraries,
                "--artifacts-path", "build/pack", "-o", Folder]);
        return Folder;
    }
}
