using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face.Alignment;

/// <summary>Options of an <see cref="AlignmentRun"/>: its output, and the faces to align.</summary>
/// <param name="Alignment">How faces are aligned.</param>
/// <param name="Folder">Where the aligned images go, in the tree of the originals' names.</param>
internal sealed record AlignmentOptions(FaceAlignment Alignment, string Folder)
{
    /// <summary>The ending of the images' files: .png or .jpg.</summary>
    public string Extension { get; init; } = ".png";

    /// <summary>The quality of JPEG images, 0 to 100.</summary>
    public int Quality { get; init; } = 95;

    /// <summary>Which face of several is taken.</summary>
    public FaceChoice Choice { get; init; } = FaceChoice.Largest;

    /// <summary>The log: images with damaged parts, and lists that cannot be written. The default logs nothing. Called
    /// by several threads at once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Whether images that are there already are made again.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The number of images processed in parallel.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
}
