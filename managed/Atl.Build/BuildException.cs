namespace Atl.Build;

/// <summary>A step that failed; the message is all that the user is shown.</summary>
internal sealed class BuildException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>The exit code of a command whose tool is missing and cannot be installed.</summary>
    public const int MissingTool = 3;

    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
