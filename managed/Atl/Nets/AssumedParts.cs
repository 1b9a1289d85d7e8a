namespace Atl.Nets;

/// <summary>
/// The properties of a data layer's images that are assumed because the prototxt does not state them.
/// </summary>
[Flags]
internal enum AssumedParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The number of images in a batch.</summary>
    Batch = 1,

    /// <summary>The channels.</summary>
    Channels = 2,

    /// <summary>Height and width.</summary>
    Size = 4,
}
