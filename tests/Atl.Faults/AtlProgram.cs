using System.Diagnostics;

namespace Atl.Faults;

/// <summary>Runs atl as a process of its own.</summary>
internal static class AtlProgram
{
    /// <summary>How long a run may take. A run that takes longer hangs.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The program's command line, to which arguments are added.</summary>
    public static readonly string[] CommandLine = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Atl.Cli.dll")];

    /// <summary>Runs a command to its end.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="environment">Variables beside this process's.</param>
    /// <param name="wrapper">A program with arguments that starts it, such as a shell which redirects its
    /// streams.</param>
    public static ProgramEnd Run(
        string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null,
        string[]? wrapper = null)
    {
        using Process process = Start(folder, arguments, environment, wrapper);
        return Finish(process);
    }

    /// <summary>Starts a command, its output redirected.</summary>
    public static Process Start(
        string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null,
        string[]? wrapper = null)
    {
        string[] line = [.. wrapper ?? [], .. CommandLine, .. arguments];
        ProcessStartInfo start = new(line[0], line[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        // A killed process would leave the diagnostics' pipes behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach ((string name, string value) in environment
            ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for a command's end.</summary>
    public static ProgramEnd Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended) process.Kill(true);
        process.WaitForExit();
        return new ProgramEnd(ended ? process.ExitCode : ProgramEnd.Hung, output.Result, errors.Result);
    }
}

/// <summary>How a program ended and what it printed.</summary>
internal sealed record ProgramEnd(int Code, string Output, string Errors)
{
    /// <summary>The exit code that stands for a program which did not end.</summary>
    public const int Hung = -1;

    // .NET gives a process that a signal has ended the code that a shell gives it.
    private const int Signaled = 128;
    private static readonly string[] Stacks = ["Unhandled exception", "error of the program", "   at Atl."];

    /// <summary>The last line on standard error.</summary>
    public string LastError => Errors.TrimEnd().Split('\n')[^1];

    /// <summary>What is wrong with this end whatever was asked for: a hang, a death, a stack of words; null where
    /// nothing is.</summary>
    public string? Fault => Code switch
    {
        Hung => "it hangs",
        > Signaled => $"signal {Code - Signaled} ended it: {LastError}",
        _ when Errors.Split('\n').FirstOrDefault(line => Stacks.Any(line.Contains)) is { } line =>
            $"it prints '{line.Trim()}'",
        not 0 when Errors.Trim().Length == 0 => $"exit code {Code} without a word",
        _ => null,
    };
}
