using System.Text;

namespace Atl.Cli.Terminal;

/// <summary>
/// Standard output or standard error as text. What cannot be written is dropped and the fault kept: a console never
/// ends the work that it reports. Any thread may write.
/// </summary>
internal sealed class StandardWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StandardStream _stream;
    private readonly Encoding _encoding;
    private int _dropped;

    private StandardWriter(int descriptor)
    {
        _stream = new StandardStream(descriptor);
        _encoding = Console.OutputEncoding;
    }

    /// <summary>Standard output.</summary>
    public static StandardWriter Output { get; } = new(StandardStream.Output);

    /// <summary>Standard error.</summary>
    public static StandardWriter Error { get; } = new(StandardStream.Error);

    /// <summary>Called once, by the thread that writes, when the terminal that this is has gone.</summary>
    public event Action? HungUp;

    /// <summary>
    /// The time in milliseconds that a line waits if nobody reads the pipe or the terminal (a stopped pager, Ctrl-S).
    /// After that, lines are dropped until they are read again, and their number is written.
    /// </summary>
    public int Patience { get; set; } = StandardStream.Forever;

    /// <summary>The first fault; null while everything was written.</summary>
    public StreamFault? Fault { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => _encoding;

    /// <summary>Puts the two in the place of the console's.</summary>
    public static void Install()
    {
        Console.SetOut(Output);
        Console.SetError(Error);
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    // A line in one piece, so that those of several processes do not mix.
    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write((value + NewLine).AsSpan());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        byte[] bytes = new byte[_encoding.GetByteCount(buffer)];
        _encoding.GetBytes(buffer, bytes);
        bool hungUp;
        lock (_gate)
        {
            if (Fault is { IsFinal: true }) return;
            StreamFault? fault = _dropped > 0
                ? _stream.Write(_encoding.GetBytes($"{NewLine}({_dropped} lines are missing here: no reader){NewLine}"),
                    0) : null;
            if (fault is null) (_dropped, fault) = (0, _stream.Write(bytes, Patience));
            if (fault == StreamFault.Stall) _dropped += Math.Max(1, buffer.Count('\n'));
            if (fault is null || fault == StreamFault.Stall) return;
            hungUp = fault.IsHangup;
            Fault = Fault is null || fault.IsFinal ? fault : Fault;
        }
        if (hungUp) HungUp?.Invoke();
    }
}
