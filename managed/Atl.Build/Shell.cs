using System.Diagnostics;

namespace Atl.Build;

/// <summary>Runs programs.</summary>
internal static class Shell
{
    /// <summary>Runs a program on this console; its failure ends the build.</summary>
    public static void Run(string program, params string[] arguments)
    {
        int code = Start(program, arguments, null);
        if (code != 0) throw new BuildException($"'{Line(program, arguments)}' failed with exit code {code}");
    }

    /// <summary>Runs a program whose output goes, line by line, to a receiver, or to this console where there is none;
    /// gives the exit code.</summary>
    public static int Start(string program, IReadOnlyList<string> arguments, Action<string>? receive)
    {
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = receive is not null,
            RedirectStandardError = receive is not null
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(start)!;
            if (receive is not null)
            {
                Lock gate = new();
                DataReceivedEventHandler forward = (_, line) =>
                {
                    if (line.Data is null) return;
                    lock (gate) receive(line.Data);
                };
                process.OutputDataReceived += forward;
                process.ErrorDataReceived += forward;
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
            }
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BuildException($"'{program}' cannot be started: {e.Message}");
        }
    }

    /// <summary>A program's output and exit code.</summary>
    public static (int Code, string Output) Capture(string program, params string[] arguments)
    {
        List<string> lines = [];
        int code = Start(program, arguments, lines.Add);
        return (code, string.Join('\n', lines));
    }

    /// <summary>Whether a program can be found.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program))
                || File.Exists(Path.Combine(folder, program + ".exe")));

    private static string Line(string program, IReadOnlyList<string> arguments) =>
        string.Join(' ', [program, .. arguments]);
}
