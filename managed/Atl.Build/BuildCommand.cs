namespace Atl.Build;

/// <summary>A command of the build program.</summary>
/// <param name="Name">The word that calls it.</param>
/// <param name="Arguments">What may follow, as the help shows it.</param>
/// <param name="Help">What it does; may have several lines.</param>
/// <param name="Run">Does it with the arguments; gives the exit code.</param>
internal sealed record BuildCommand(string Name, string Arguments, string Help, Func<string[], int> Run)
{
    /// <summary>A command without arguments, which fails by exception alone.</summary>
    public BuildCommand(string name, string help, Action run)
        : this(name, "", help, arguments =>
        {
            if (arguments.Length > 0)
                throw new BuildException($"{name} takes no arguments, found: {string.Join(" ", arguments)}");
            run();
            return 0;
        })
    {
    }
}
