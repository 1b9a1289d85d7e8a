using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atl.Fuzz.Formats;

namespace Atl.Fuzz.Running;

/// <summary>
/// Runs cases in this process, which may die of one. It reads verbs and the numbers of cases from standard input, a
/// line each, and
/// answers on standard output with lines that begin with <see cref="Mark"/>.
/// </summary>
internal static class Worker
{
    /// <summary>Begins the lines that are meant for the supervisor; a native library may print others.</summary>
    public const string Mark = "\u0001fuzz ";

    /// <summary>Comes before a command line that is about to be run.</summary>
    public const string Started = "run ";

    /// <summary>Asks for a case to be written to a folder; its number and the folder follow.</summary>
    public const string Save = "save";

    /// <summary>Answers that it is.</summary>
    public const string Saved = "saved";

    private const long RoomyBytes = 400L << 20;

    /// <summary>Answers until standard input ends.</summary>
    public static int Run(FuzzFormat format, FuzzOptions options)
    {
        TextWriter answers = Console.Out;
        Directory.SetCurrentDirectory(options.Work);
        CaseSource cases = MakeCases(format, options);
        Answer(answers, $"ready {cases.WholeCount}");
        while (Console.In.ReadLine()?.Split(' ', 3) is [var verb, var index, .. var rest])
        {
            (string label, FuzzInput input, Random random) = options.Input is { } file
                ? ($"file {file}", cases.InPlaceOf(file), new Random(0))
                : cases.Get(int.Parse(index, CultureInfo.InvariantCulture));
            if (verb == Save)
            {
                Write(format, input, rest[0]);
                Answer(answers, Saved);
                continue;
            }
            Answer(answers, $"case {label}");
            FuzzOutcome outcome = Try(format, input, random, command => Answer(answers, Started + command));
            if (label.StartsWith("seed", StringComparison.Ordinal) && outcome.ExitCode != 0 && !format.IsCommandLine)
                outcome = outcome with
                {
                    Faults = [.. outcome.Faults, new Fault("refused seed", $"{label}: {outcome.Message}", "")],
                };
            Answer(answers, "end " + JsonSerializer.Serialize(outcome));
        }
        return 0;
    }

    private static CaseSource MakeCases(FuzzFormat format, FuzzOptions options)
    {
        Scene.Prepare();
        string scratch = Path.Combine("seeds", format.Name);
        if (Directory.Exists(scratch)) Directory.Delete(scratch, true);
        Directory.CreateDirectory(scratch);
        return new CaseSource(format, options.Seed, options.Corpus, scratch);
    }

    private static void Answer(TextWriter answers, string text)
    {
        answers.Write($"\n{Mark}{text}\n");
        answers.Flush();
    }

    private static FuzzOutcome Try(FuzzFormat format, FuzzInput input, Random random, Action<string> started)
    {
        foreach (string folder in (string[])[FuzzCase.InputFolder, FuzzCase.OutputFolder])
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, true);
            Directory.CreateDirectory(folder);
        }
        Write(format, input, FuzzCase.InputFolder);
        // What an earlier case has left is given back to the system, and not counted for this one.
        if (Environment.WorkingSet > RoomyBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ProcessMemory.ForgetPeak();
        FuzzCase fuzzCase = new(input, random, started);
        List<Fault> faults = [];
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan processor = Processor();
        try
        {
            format.Run(fuzzCase);
        }
        catch (Exception e)
        {
            faults.Add(new Fault("internal error", $"{e.GetType().Name} past the program: {e.Message}",
                LastLine(fuzzCase)));
        }
        // On a busy machine a process may wait for long and do little.
        TimeSpan used = Processor() - processor;
        double seconds = Math.Min(clock.Elapsed.TotalSeconds, used.TotalSeconds);
        long peak = ProcessMemory.Peak(),
            bytes = input.Content.Length + input.Beside.Sum(other => (long)other.Content.Length);
        faults.AddRange(fuzzCase.Runs.Select(run => Oracle.Judge(run, input, format)).OfType<Fault>());
        if (seconds > Oracle.TimeLimit.TotalSeconds * Math.Max(1, fuzzCase.Runs.Count))
            faults.Add(new Fault("hang", $"{seconds:F1} s", LastLine(fuzzCase)));
        if (peak > Oracle.MemoryLimit(bytes))
            faults.Add(new Fault("memory", $"{peak >> 20} MiB for {bytes} bytes", LastLine(fuzzCase)));
        ProgramRun? failed = fuzzCase.Runs.LastOrDefault(run => run.ExitCode != 0);
        return new FuzzOutcome(
            fuzzCase.Runs.Count == 0 ? 0 : fuzzCase.Runs.Max(run => run.ExitCode),
            fuzzCase.Runs.Any(run => run.ExitCode is 0 or 3 || !format.Shallow.IsMatch(run.Text)),
            seconds, peak, failed is null ? "" : Oracle.LastLine(failed.Text), faults);
    }

    private static void Write(FuzzFormat format, FuzzInput input, string folder)
    {
        input.Write(folder);
        format.Arrange?.Invoke(input, folder);
    }

    private static string LastLine(FuzzCase fuzzCase) => fuzzCase.Runs.Count > 0 ? fuzzCase.Runs[^1].Line : "";

    private static TimeSpan Processor()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
