using System.Globalization;
using Atl.Proto;

namespace Atl.Cli.CommandLine;

/// <summary>
/// Reads flags by the rules of gflags, which Caffe's scripts are written for: one dash or two; <c>-flag value</c> or
/// <c>-flag=value</c>; <c>-flag</c> and <c>-noflag</c> for switches; words and flags in any order; <c>--</c> ends the
/// flags. In names, - and _ are the same.
/// </summary>
internal static class FlagParser
{
    /// <summary>Parts the arguments into words and flags.</summary>
    /// <exception cref="UsageException">A flag is unknown, lacks its value, or its value does not fit.</exception>
    public static (List<string> Words, FlagValues Values) Parse(IReadOnlyList<string> arguments,
        IReadOnlyList<Flag> flags, string command)
    {
        List<string> words = [];
        FlagValues values = new(flags);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                words.AddRange(arguments.Skip(i + 1));
                break;
            }
            if (!IsFlag(argument))
            {
                words.Add(argument);
                continue;
            }
            string body = argument.TrimStart('-');
            int equals = body.IndexOf('=', StringComparison.Ordinal);
            string name = (equals < 0 ? body : body[..equals]).Replace('-', '_');
            string? value = equals < 0 ? null : body[(equals + 1)..];
            Flag flag = Find(flags, ref name, ref value, argument, command);
            if (value is null && flag.Kind == FlagKind.Switch) value = "true";
            if (value is null && (i + 1 == arguments.Count || IsFlag(arguments[i + 1]))) value = flag.Alone;
            if (value is null && i + 1 < arguments.Count) value = arguments[++i];
            if (value is null) throw new UsageException($"flag '-{flag.Name}' needs a value ({flag.Value})");
            values.Add(flag, Check(flag, value));
        }
        return (words, values);
    }

    /// <summary>Whether an argument is a flag: a dash and a letter, so that negative numbers are none.</summary>
    public static bool IsFlag(string argument) =>
        argument.StartsWith('-') && argument.TrimStart('-') is [var first, ..] && char.IsAsciiLetter(first);

    private static Flag Find(IReadOnlyList<Flag> flags, ref string name, ref string? value, string argument,
        string command)
    {
        foreach (Flag flag in flags)
        {
            if (flag.Name == name) return flag;
            if (flag.Kind != FlagKind.Switch || name != "no" + flag.Name || value is not null) continue;
            value = "false";
            return flag;
        }
        string hint = NearestName.Find(name, flags.Where(flag => !flag.Hidden).Select(flag => flag.Name)) is { } nearest
            ? $", did you mean '-{nearest}'?" : "";
        throw new UsageException($"unknown flag '{argument}'{hint} (atl help {command} lists the flags)");
    }

    private static string Check(Flag flag, string value)
    {
        if (flag.Choices.Length > 0)
            return Array.Find(flag.Choices, choice => choice.Equals(value, StringComparison.OrdinalIgnoreCase))
                ?? throw new UsageException(
                    $"flag '-{flag.Name}' is '{value}'{NearestName.Hint(value, flag.Choices)}, expected one of "
                        + $"{string.Join(", ", flag.Choices)}");
        return flag.Kind switch
        {
            FlagKind.Text or FlagKind.List when value.Length == 0 && flag.Alone != value && !flag.MayBeEmpty =>
                throw new UsageException($"flag '-{flag.Name}' is empty, expected {flag.Value}"),
            FlagKind.Integer
                when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                throw new UsageException($"flag '-{flag.Name}' is '{value}', expected an integer"),
            FlagKind.Switch => value.ToLowerInvariant() switch
            {
                "true" or "t" or "yes" or "y" or "1" => "true",
                "false" or "f" or "no" or "n" or "0" => "false",
                _ => throw new UsageException($"flag '-{flag.Name}' is '{value}', expected true or false"),
            },
            _ => value,
        };
    }
}
