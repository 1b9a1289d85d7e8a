using System.Text.RegularExpressions;

namespace Atl.Fuzz.Running;

/// <summary>What an input did that it must not.</summary>
/// <param name="Kind">Which promise is broken: death, hang, memory, internal error, exit code, unnamed file.</param>
/// <param name="Message">What was seen.</param>
/// <param name="Line">The command line.</param>
internal sealed partial record Fault(string Kind, string Message, string Line)
{
    /// <summary>What faults of one cause have in common: the message without its numbers and names.</summary>
    public string Signature => Kind switch
    {
        // What is printed then differs from run to run.
        "death" => $"{Kind}: {Message.Split(':')[0]}",
        "hang" or "memory" => $"{Kind}: {Line.Split(' ').ElementAtOrDefault(1)}",
        _ => $"{Kind}: {Varying().Replace(Command().Replace(Message, ""), "…")}",
    };

    [GeneratedRegex(@"^atl \w+: ")]
    private static partial Regex Command();

    [GeneratedRegex(@"'[^']*'|\d+(,\d{3})*")]
    private static partial Regex Varying();
}
