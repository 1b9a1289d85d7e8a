using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Atl.Build;

/// <summary>All tests: the NUnit projects under tests/ and the native ones.</summary>
internal static class TestRun
{
    // Keeps a command line of test names well below the system's limit.
    private const int NamesAtOnce = 2000;
    private const int NamesShown = 12;
    private const string RestOption = "--rest";

    private static readonly PassedTests LastPassed = new("build/tests");
    private static readonly SortedDictionary<string, List<string>> Skipped = new(StringComparer.Ordinal);
    private static int _passed, _failed, _skipped;

    /// <summary>Builds everything and runs the tests: all, those whose names hold the one argument, or with
    /// <c>--rest</c> the managed ones that did not pass when all were last run here. Gives the exit code.</summary>
    public static int Run(string[] arguments)
    {
        bool rest = arguments is [RestOption];
        string? filter = rest ? null : Filter(arguments);
        NativeBuild.Build(NativeBuild.Folder, NativeBuild.HasTests ? "-DATL_TESTS=ON" : "-DATL_TESTS=OFF");
        Machine.PrepareBrowser();
        // Compiler processes left behind would keep the output of whoever called us open.
        Shell.Run("dotnet", "build", "Atl.slnx", "-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false",
            "-tl:off");
        foreach (string project in Directory.GetFiles("tests", "*.Tests.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            string program = Path.Combine(Path.GetDirectoryName(project)!, "bin", "Release", "net10.0", name + ".dll");
            if (rest) RunRest(name, program);
            else if (filter is null) RunAll(name, program);
            else RunNamed(name, program, tests => Named(tests, filter));
        }
        if (NativeBuild.HasTests && !rest) RunNative(filter);

        foreach ((string reason, List<string> names) in Skipped)
            Console.WriteLine(string.Join("\n    ", [$"skipped {names.Count}: {reason}", .. names.Take(NamesShown),
                .. names.Count > NamesShown ? [$"and {names.Count - NamesShown} more"] : Array.Empty<string>()]));
        if (_passed + _failed + _skipped == 0)
            Console.Error.WriteLine(filter is null ? "build: no test was found"
                : $"build: no test's name holds '{filter}'");
        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return _failed == 0 && _passed > 0 ? 0 : 1;
    }

    private static string? Filter(string[] arguments) => arguments switch
    {
        [] => null,
        [['-', ..] option] => throw new BuildException($"test has no option '{option}'"),
        [var filter] => filter,
        _ => throw new BuildException(
            $"test takes one filter, found {arguments.Length}: {string.Join(" ", arguments)}"),
    };

    private static void RunAll(string name, string program)
    {
        // What an older run found must not outlive one that breaks off.
        LastPassed.Forget(name);
        TestOutput output = RunProgram(name, program, ["--show-test-results", "all"]);
        LastPassed.Keep(name, output.PassedNames);
    }

    private static void RunRest(string name, string program)
    {
        HashSet<string> passed = LastPassed.Read(name)
            ?? throw new BuildException($"{RestOption}: all tests were not run here yet; no file "
                + LastPassed.FileOf(name));
        RunNamed(name, program, tests => Rest(tests, passed));
    }

    /// <summary>The ids of a program's tests that <c>--rest</c> runs.</summary>
    internal static IEnumerable<string> Rest(List<(string Uid, string Name)> tests, HashSet<string> passed) =>
        tests.Where(test => !passed.Contains(test.Name)).Select(test => test.Uid);

    private static IEnumerable<string> Named(List<(string Uid, string Name)> tests, string filter) =>
        tests.Where(test => test.Uid.Contains(filter, StringComparison.OrdinalIgnoreCase)).Select(test => test.Uid);

    private static void RunNamed(string name, string program,
        Func<List<(string Uid, string Name)>, IEnumerable<string>> wanted)
    {
        foreach (string[] part in wanted(Tests(program)).Chunk(NamesAtOnce))
            RunProgram(name, program, ["--show-test-results", "failed,skipped", "--filter-uid", .. part]);
    }

    private static List<(string Uid, string Name)> Tests(string program)
    {
        (int code, string output) = Shell.Capture("dotnet", program, "--list-tests", "json", "--no-ansi", "--progress",
            "off");
        return Listed(program, code, output);
    }

    /// <summary>The tests of a program, of what it prints when it is asked to list them as JSON.</summary>
    internal static List<(string Uid, string Name)> Listed(string program, int code, string output)
    {
        int start = output.IndexOf('{', StringComparison.Ordinal);
        // A program without tests answers with exit code 8.
        if (start < 0 && code == 8) return [];
        if (start < 0) throw new BuildException($"{program} cannot list its tests (exit code {code}):\n{output}");
        using JsonDocument document = JsonDocument.Parse(output[start..]);
        return [.. document.RootElement.GetProperty("tests").EnumerateArray()
            .Select(test => (test.GetProperty("uid").GetString()!, test.GetProperty("displayName").GetString()!))];
    }

    private static TestOutput RunProgram(string name, string program, string[] options)
    {
        Stopwatch clock = Stopwatch.StartNew();
        TestOutput output = new(Console.Out);
        int code = Shell.Start("dotnet", [program, "--no-ansi", "--progress", "off", .. options], output.Receive);
        output.Finish(Skipped);
        // Exit codes: 0 all well, 2 some failed, 8 there was nothing to run; anything else is a broken run, which must
        // not pass for a good one.
        bool broken = code is not (0 or 2 or 8) || (code == 2 && output.Failed == 0);
        if (broken) Console.WriteLine($"{output.Other}\n{name} broke off with exit code {code}");
        int failed = output.Failed + (broken ? 1 : 0);
        Report(name, output.Passed, failed, output.Skipped, clock);
        return output;
    }

    private static void RunNative(string? filter)
    {
        Stopwatch clock = Stopwatch.StartNew();
        int passed = 0, failed = 0, skipped = 0;
        List<string> lines = [];
        string[] options = ["--parallel", NativeBuild.Cores, .. filter is null ? Array.Empty<string>()
            : ["-R", Regex.Escape(filter)]];
        int code = Shell.Start("ctest", ["--test-dir", NativeBuild.Folder, "--output-on-failure", "--build-config",
            "Release", .. options], line =>
        {
            lines.Add(line);
            if (line.Contains("   Passed ", StringComparison.Ordinal)) passed++;
            else if (line.Contains("***Skipped", StringComparison.Ordinal)) skipped++;
            else if (line.Contains(" sec", StringComparison.Ordinal) && line.Contains("***", StringComparison.Ordinal))
                failed++;
        });
        if (code != 0 && failed == 0) failed = 1;
        if (failed > 0) Console.WriteLine(string.Join('\n', lines));
        if (skipped > 0)
            Skipped["native tests that this machine cannot run (no GPU)"] =
                [.. lines.Where(line => line.Contains("***Skipped", StringComparison.Ordinal))
                .Select(line => line.Trim())];
        Report("native", passed, failed, skipped, clock);
    }

    private static void Report(string name, int passed, int failed, int skipped, Stopwatch clock)
    {
        _passed += passed;
        _failed += failed;
        _skipped += skipped;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {passed} passed, {failed} failed, {skipped} skipped in {clock.Elapsed.TotalSeconds:F1} s"));
    }
}
