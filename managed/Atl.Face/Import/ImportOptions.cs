using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face.Import;

/// <summary>Options for importing images into a database.</summary>
internal sealed record ImportOptions
{
    /// <summary>Their order.</summary>
    public ImportOrder Order { get; init; } = ImportOrder.Shuffled;

    /// <summary>Chooses the random order.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Stores pixels in place of encoded images.</summary>
    public bool Raw { get; init; }

    /// <summary>Makes gray images.</summary>
    public bool Gray { get; init; }

    /// <summary>The width that images are brought to; 0 for their own.</summary>
    public int Width { get; init; }

    /// <summary>The height that images are brought to; 0 for their own.</summary>
    public int Height { get; init; }

    /// <summary>The format of images that are not stored unchanged ("png", "jpg").</summary>
    public string Format { get; init; } = "png";

    /// <summary>The minimum number of images per identity; identities with fewer are left out and listed.</summary>
    public int MinimumImages { get; init; } = 1;

    /// <summary>Keeps images of the same bytes as one before.</summary>
    public bool KeepDuplicates { get; init; }

    /// <summary>Renumbers identities if the source gives labels.</summary>
    public bool Renumber { get; init; }

    /// <summary>A file of labels and names that labels are taken from; null to number identities in order.</summary>
    public string? LabelMap { get; init; }

    /// <summary>A file of names of identities or images, one a line, that are skipped; null to leave out
    /// none.</summary>
    public string? Exclude { get; init; }

    /// <summary>Replaces a database that is there, and starts over where a run was interrupted.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The log: images with damaged parts, and side files that cannot be written. The default logs nothing.
    /// Called by several threads at once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Whether images that are whole are stored byte for byte.</summary>
    public bool AsTheyAre => !Raw && !Gray && Width == 0;

    /// <summary>
    /// Describes, in one line, the options that determine the database's content: a run resumes only if this is
    /// unchanged.
    /// </summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"order={Order} seed={Seed} raw={Raw} gray={Gray} size={Width}x{Height} format={Format} "
            + $"minimum={MinimumImages} "
        + $"keep={KeepDuplicates} renumber={Renumber}");
}
