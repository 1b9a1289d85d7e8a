namespace Atl.Tools;

/// <summary>Options for converting a list of images to a database: the flags of Caffe's convert_imageset.</summary>
internal sealed record ImageSetOptions
{
    /// <summary>Makes gray images of one channel.</summary>
    public bool Gray { get; init; }

    /// <summary>The seed of the order in which the list is taken; null for the list's own.</summary>
    public ulong? ShuffleSeed { get; init; }

    /// <summary>The width that images are brought to; 0 for their own.</summary>
    public int Width { get; init; }

    /// <summary>The height that images are brought to; 0 for their own.</summary>
    public int Height { get; init; }

    /// <summary>The number of labels after each path of the list.</summary>
    public int Labels { get; init; } = 1;

    /// <summary>Demands that all images have one size.</summary>
    public bool CheckSize { get; init; }

    /// <summary>Stores compressed images.</summary>
    public bool Encoded { get; init; }

    /// <summary>
    /// The format in which compressed images are stored ("png", "jpg"); empty for that of each file's extension.
    /// </summary>
    public string EncodeType { get; init; } = "";
}
