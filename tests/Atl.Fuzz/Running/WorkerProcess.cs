using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace Atl.Fuzz.Running;

/// <summary>A worker seen from outside: it is given cases, and its death, its silence and its memory are
/// watched.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int ErrorLines = 20, WatchMilliseconds = 50, SignalBase = 128;

    // A busy machine may let it wait; what it does itself is limited by the processor's time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private readonly Queue<string> _errors = [];

    private WorkerProcess(FuzzOptions options, string format)
    {
        ProcessStartInfo start =
            new("dotnet", [Environment.GetCommandLineArgs()[0], .. options.WorkerArguments(format)])
            { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) _answers.Writer.TryComplete();
            else if (line.Data.StartsWith(Worker.Mark, StringComparison.Ordinal))
                _answers.Writer.TryWrite(line.Data[Worker.Mark.Length..]);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                if (line.Data is { Length: > 0 } text) _errors.Enqueue(text);
                if (_errors.Count > ErrorLines) _errors.Dequeue();
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What the case at work is called.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Whether it ended, by itself or by force.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="format">The format's name.</param>
    /// <param name="whole">The number of cases that are no mutants.</param>
    public static WorkerProcess Start(FuzzOptions options, string format, out int whole)
    {
        WorkerProcess worker = new(options, format);
        if (worker.Next(long.MaxValue, out _)?.Split(' ') is not ["ready", var count])
            throw new InvalidOperationException($"a worker for {format} did not start:\n{worker.Errors()}");
        whole = int.Parse(count, CultureInfo.InvariantCulture);
        return worker;
    }

    /// <summary>Has it run a case.</summary>
    public FuzzOutcome Run(int index)
    {
        Send($"run {index}");
        string command = "";
        while (true)
        {
            // The largest inputs have some hundred kilobytes.
            string? answer = Next(Oracle.MemoryLimit(0) + (Oracle.MemoryLimit(0) / 4), out Fault? fault);
            if (answer is null) return Gone((fault ?? Death()) with { Line = command });
            if (answer.StartsWith("end ", StringComparison.Ordinal))
                return JsonSerializer.Deserialize<FuzzOutcome>(answer["end ".Length..])!;
            if (answer.StartsWith("case ", StringComparison.Ordinal)) Label = answer["case ".Length..];
            else if (answer.StartsWith(Worker.Started, StringComparison.Ordinal)) command =
                answer[Worker.Started.Length..];
        }
    }

    /// <summary>Has it write a case to a folder, as it is before commands are run on it.</summary>
    public void Save(int index, string folder)
    {
        Send($"{Worker.Save} {index} {folder}");
        if (Next(long.MaxValue, out _) != Worker.Saved) throw new InvalidOperationException(
            $"case {index} cannot be written:\n{Errors()}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(2000)) _process.Kill(true);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It is gone already.
        }
        _process.Dispose();
    }

    private void Send(FormattableString line)
    {
        _process.StandardInput.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
    }

    private FuzzOutcome Gone(Fault fault) => new(-1, true, 0, 0, fault.Message, [fault]);

    private Fault Death()
    {
        _process.WaitForExit();
        IsGone = true;
        int code = _process.ExitCode;
        string how = code > SignalBase ? $"signal {code - SignalBase}" : $"exit code {code}";
        return new Fault("death", $"{how}: {Errors()}", "");
    }

    private string Errors()
    {
        lock (_errors) return string.Join(" | ", _errors.Take(4));
    }

    private string? Next(long memoryLimit, out Fault? fault)
    {
        fault = null;
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan processor = _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;
        Task<bool> more = _answers.Reader.WaitToReadAsync().AsTask();
        while (!more.Wait(WatchMilliseconds))
        {
            long resident = ProcessMemory.Resident(_process.Id);
            _process.Refresh();
            if (resident > memoryLimit) fault = new Fault("memory", $"{resident >> 20} MiB and rising", "");
            else if (clock.Elapsed > Patience
                || (clock.Elapsed > Oracle.TimeLimit && !_process.HasExited
                    && _process.TotalProcessorTime - processor > Oracle.TimeLimit))
                fault = new Fault("hang", $"no end after {clock.Elapsed.TotalSeconds:F0} s", "");
            if (fault is null) continue;
            _process.Kill(true);
            _process.WaitForExit();
            IsGone = true;
            return null;
        }
        return more.Result && _answers.Reader.TryRead(out string? line) ? line : null;
    }
}
