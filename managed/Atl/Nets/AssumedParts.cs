namespace Atl.Nets;

/// <summary>What of the images of a data layer is assumed, for nothing in the prototxt tells it.</summary>
[Flags]
internal enum AssumedParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>How many there are in a batch.</summary>
    Batch = 1,

    /// <summary>The channels.</summary>
    Channels = 2,

    /// <summary>Height and width.</summary>
    Size = 4,
}
