namespace Atl.Faults;

/// <summary>Commands that print what they are for: where it cannot be printed they fail, and where nobody reads on they
/// end quietly.</summary>
/// <param name="inputs">What they read.</param>
/// <param name="parent">The folder for their working folders.</param>
internal sealed class StandardOutput(Inputs inputs, string parent)
{
    private const int Failed = 1;

    private readonly string[][] _commands =
    [
        ["detect", inputs["photos"], "-models", inputs["mtcnn"]],
        ["summary", inputs["deploy.prototxt"]],
        ["layers"],
    ];

    /// <summary>The scenarios.</summary>
    public IEnumerable<Scenario> Scenarios =>
    [
        new("standard output: full", tally => Each(tally, ">/dev/full", end =>
            end.Code != Failed ? $"exit code {end.Code}"
            : end.Errors.Contains("standard output", StringComparison.Ordinal) ? null
            : $"what cannot be written is not named: {end.LastError}")),
        new("standard output: read to its first line", tally => Each(tally, "| head -n 1", static _ => null)),
    ];

    private void Each(Tally tally, string redirection, Func<ProgramEnd, string?> wrong)
    {
        using WorkFolder folder = new(parent);
        foreach (string[] command in _commands)
        {
            ProgramEnd end = AtlProgram.Run(folder.Path, command, null, ["sh", "-c", $"\"$@\" {redirection}", "sh"]);
            tally.Add($"{command[0]} {redirection}", end.Fault ?? wrong(end));
        }
    }
}
