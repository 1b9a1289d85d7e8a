namespace Atl.Build;

/// <summary>The program that build.cs starts.</summary>
public static class BuildProgram
{
    /// <summary>Runs a command line in the repository's root; gives the exit code.</summary>
    /// <param name="args">The command's name and its arguments.</param>
    public static int Run(string[] args)
    {
        // The folder of build.cs, which the SDK hands to programs of one file.
        if (AppContext.GetData("EntryPointFileDirectoryPath") is string root) Environment.CurrentDirectory = root;
        if (args.Length == 0)
        {
            Console.Error.WriteLine(BuildCommands.Help);
            return 1;
        }
        try
        {
            return BuildCommands.Find(args[0]).Run(args[1..]);
        }
        catch (BuildException e)
        {
            Console.Error.WriteLine($"build: {e.Message}");
            return e.ExitCode;
        }
    }
}
