namespace Atl.Build;

/// <summary>Runs the programs of other projects.</summary>
internal static class ProjectRun
{
    /// <summary>Builds the native library, then runs a project; gives its exit code.</summary>
    public static int WithNative(string project, string[] arguments)
    {
        NativeBuild.Build(NativeBuild.Folder);
        return Alone(project, arguments);
    }

    /// <summary>Runs a project; gives its exit code.</summary>
    public static int Alone(string project, string[] arguments) =>
        Shell.Start("dotnet", ["run", "--project", project, "-c", "Release", "--", .. arguments], null);
}
