namespace Atl.Cli.Tests.Documents;

/// <summary>Commands that no test runs, and why; <see cref="CommandTable"/> checks them in its place.</summary>
internal static class UnrunCommands
{
    /// <summary>Why a command is not run; null where it is.</summary>
    public static string? Reason(ShellCommand command)
    {
        string[] words = [.. command.Words];
        return words switch
        {
            _ when words.Any(word => word.Contains("/path/to/caffe", StringComparison.Ordinal)) => "need a Caffe tree",
            ["caffe", ..] => "need a Caffe tree",
            ["atl", ..] when words.Any(word => word is "-gpu" or "--gpu") => "need a GPU",
            ["atl", "demo", ..] => "train for minutes",
            ["dotnet" or "cmake" or "ctest" or "make", ..] => "build the repository or run all of its tests",
            _ => null,
        };
    }

    /// <summary>Why a block is not run; null where it is.</summary>
    public static string? Reason(DocumentBlock block) =>
        block.Commands.Select(Reason).FirstOrDefault(reason => reason is not null);
}
