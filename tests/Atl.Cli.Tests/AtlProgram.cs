using System.Diagnostics;
using System.Globalization;

namespace Atl.Cli.Tests;

/// <summary>Runs the atl program as a process of its own, as a user does.</summary>
internal static class AtlProgram
{
    /// <summary>How long a run may take before it is given up.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The variable for the number of threads. The nets of most tests gain nothing from more than one, and lose where
    /// the machine is busy.
    /// </summary>
    public const string Threads = "OMP_NUM_THREADS";

    private static readonly Dictionary<string, string> NoEnvironment = [];
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "Atl.Cli.dll");

    /// <summary>Runs it in a working folder and returns what it printed.</summary>
    public static ProgramResult Run(string workingFolder, params string[] arguments) =>
        Run(workingFolder, NoEnvironment, arguments);

    /// <summary>Runs it with variables beside those of this process's environment.</summary>
    public static ProgramResult Run(string workingFolder, IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        using Process process = Start(workingFolder, environment, arguments);
        return ResultOf(process, arguments);
    }

    /// <summary>Runs it with the redirections of a shell.</summary>
    public static ProgramResult RunThroughShell(string workingFolder, string redirections, params string[] arguments)
    {
        using Process process = StartThroughShell(workingFolder, redirections, arguments);
        return ResultOf(process, arguments);
    }

    /// <summary>Runs it where so many files may be open at once.</summary>
    public static ProgramResult RunWithOpenFiles(int limit, string workingFolder, params string[] arguments)
    {
        using Process process = Start(["sh", "-c", $"ulimit -n {limit}; exec \"$@\"", "sh", "dotnet"], workingFolder,
            NoEnvironment, arguments);
        return ResultOf(process, arguments);
    }

    /// <summary>Runs it where a file may have so many blocks (512 or 1024 bytes, as the shell has it).</summary>
    public static ProgramResult RunWithFileBlocks(int limit, string workingFolder, params string[] arguments)
    {
        // The runtime keeps what it compiles in a file of gigabytes otherwise, which the limit holds for, too.
        Dictionary<string, string> environment = new() { ["DOTNET_EnableWriteXorExecute"] = "0" };
        using Process process = Start(["sh", "-c", $"ulimit -f {limit}; exec \"$@\"", "sh", "dotnet"], workingFolder,
            environment, arguments);
        return ResultOf(process, arguments);
    }

    private static ProgramResult ResultOf(Process process, string[] arguments)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(true);
            Assert.Fail($"atl {string.Join(' ', arguments)} did not end within {Limit}");
        }
        return new ProgramResult(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Starts it, its output redirected.</summary>
    public static Process Start(string workingFolder, params string[] arguments) =>
        Start(workingFolder, NoEnvironment, arguments);

    /// <summary>Starts it as nohup and scripts do that run it in the background: SIGHUP, SIGINT and SIGTERM are
    /// ignored.</summary>
    public static Process StartIgnoringSignals(string workingFolder, params string[] arguments) =>
        Start(["sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh", "dotnet"], workingFolder, NoEnvironment,
            arguments);

    /// <summary>Starts it with the redirections of a shell (<c>2>&amp;-</c>), and what comes before it.</summary>
    public static Process StartThroughShell(string workingFolder, string redirections, params string[] arguments) =>
        Start(["sh", "-c", $"exec \"$@\" {redirections}", "sh", "dotnet"], workingFolder, NoEnvironment, arguments);

    /// <summary>Starts it in a terminal of its own, which ends when the process that is returned is killed.</summary>
    /// <param name="workingFolder">The folder in which it runs.</param>
    /// <param name="before">What the terminal's shell does before it; the program's number goes into the file
    /// pid.</param>
    /// <param name="arguments">The command line.</param>
    public static Process StartInTerminal(string workingFolder, string before, params string[] arguments)
    {
        const string Script = "/usr/bin/script";
        if (!OperatingSystem.IsLinux() || !File.Exists(Script))
            Assert.Ignore($"a terminal is made with {Script} of Linux, which is not there");
        string words = string.Join(' ', arguments.Prepend(Assembly).Select(word => $"'{word}'"));
        ProcessStartInfo start = new(Script, ["-qfc", $"{before} sh -c 'echo $$ > pid; exec dotnet \"$@\"' sh {words}",
            "typescript"])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [Threads] = "1" },
        };
        return Process.Start(start)!;
    }

    /// <summary>Sends a signal, by its number, to a process.</summary>
    public static void Send(string signal, int process)
    {
        using Process kill = Process.Start("kill", ["-" + signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Lets a script call the program as <c>atl</c>.</summary>
    /// <param name="start">What starts the script.</param>
    /// <param name="folder">A folder for the program that stands for it.</param>
    public static void PutOnPath(ProcessStartInfo start, string folder)
    {
        string program = Path.Combine(Directory.CreateDirectory(folder).FullName, "atl");
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{Assembly}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    private static Process Start(string workingFolder, IReadOnlyDictionary<string, string> environment,
        string[] arguments) =>
        Start(["dotnet"], workingFolder, environment, arguments);

    private static Process Start(string[] program, string workingFolder,
        IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        ProcessStartInfo start = new(program[0], program[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Assembly);
        start.Environment[Threads] = "1";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}

/// <summary>What a program left behind: its exit code and what it printed.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of standard error: the error message of a failed command.</summary>
    public string LastError => Errors.TrimEnd().Split('\n')[^1];
}
