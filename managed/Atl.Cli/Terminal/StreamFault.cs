namespace Atl.Cli.Terminal;

/// <summary>Why a standard stream cannot be written.</summary>
/// <param name="Code">The system's error.</param>
/// <param name="Message">The system's words for it.</param>
/// <param name="IsHangup">Whether it was a terminal, which has gone.</param>
internal sealed record StreamFault(int Code, string Message, bool IsHangup)
{
    private const int BadDescriptor = 9, BrokenPipe = 32;

    /// <summary>Nobody reads a pipe or a terminal, and it is full.</summary>
    public static readonly StreamFault Stall = new(0, "nobody reads it", IsHangup: false);

    /// <summary>Whether the program that was to read has ended (<c>| head</c>).</summary>
    public bool IsClosedPipe => Code == BrokenPipe;

    /// <summary>Whether nothing will ever be written again; else (a full disk) the next line may succeed.</summary>
    public bool IsFinal => IsHangup || Code is BadDescriptor or BrokenPipe;
}
