namespace Atl.Face.Import;

/// <summary>Why an image is not in a database.</summary>
internal enum ImportProblem
{
    /// <summary>It is missing or cannot be decoded.</summary>
    Unreadable,

    /// <summary>Its bytes are those of an image before, of the same person.</summary>
    Duplicate,

    /// <summary>Its bytes are those of an image before, which is said to show somebody else.</summary>
    Contradiction,

    /// <summary>The person has too few images.</summary>
    FewImages,

    /// <summary>The person or the image is in the list of those to leave out.</summary>
    Excluded,

    /// <summary>Its extension is that of a kind of image that is not read.</summary>
    OtherKind,
}
