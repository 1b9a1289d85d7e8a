using Atl.Cli.CommandLine;
using Atl.Data;

namespace Atl.Cli.Commands;

/// <summary>The flags for reading images.</summary>
internal static class ImageFlags
{
    public static readonly Flag MaxPixels = new(
        "max_pixels", FlagKind.Integer,
        "maximum pixels (width x height) of an image: larger ones are refused before decoding. The environment variable "
            + $"{ImageLimits.Variable} sets it for all commands", "N")
    {
        Default = "100000000",
    };

    /// <summary>Sets the limit where the command line gives one.</summary>
    /// <exception cref="UsageException">It is no number of pixels.</exception>
    public static void Apply(Command command, FlagValues flags)
    {
        if (!command.Flags.Contains(MaxPixels) || !flags.IsGiven(MaxPixels.Name)) return;
        ImageLimits.MaxPixels = flags.Integer(MaxPixels.Name) is > 0 and <= ImageLimits.LargestMaxPixels and var limit
            ? limit
            : throw new UsageException($"flag '-{MaxPixels.Name}' is '{flags.Text(MaxPixels.Name)}', "
                + $"expected a number of pixels from 1 to {ImageLimits.LargestMaxPixels}");
    }
}
