using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Atl.Faults;

/// <summary>A training that goes on while something is done to it. Its log is read as it comes.</summary>
internal sealed class RunningTraining : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly Lock _gate = new();
    private readonly Thread _reader;

    /// <summary>Starts one and waits until it iterates.</summary>
    public RunningTraining(string folder, string[] command)
    {
        _process = AtlProgram.Start(folder, command);
        _ = _process.StandardOutput.ReadToEndAsync();
        _reader = new Thread(Read);
        _reader.Start();
        Wait("Iteration 100 ");
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>What it has logged.</summary>
    public string Log
    {
        get
        {
            lock (_gate) return _log.ToString();
        }
    }

    /// <summary>Sends it a signal.</summary>
    public void Send(string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has logged something or has ended.</summary>
    public bool Wait(string text)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < AtlProgram.Limit && !Log.Contains(text, StringComparison.Ordinal) && _reader.IsAlive)
            Thread.Sleep(5);
        return Log.Contains(text, StringComparison.Ordinal);
    }

    /// <summary>Waits for its end.</summary>
    public ProgramEnd Finish()
    {
        bool ended = _process.WaitForExit(AtlProgram.Limit);
        if (!ended) _process.Kill(true);
        _process.WaitForExit();
        _reader.Join();
        return new ProgramEnd(ended ? _process.ExitCode : ProgramEnd.Hung, "", Log);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(true);
        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
    }

    private void Read()
    {
        while (_process.StandardError.ReadLine() is { } line)
            lock (_gate) _log.AppendLine(line);
    }
}
