namespace Atl.Face.Import;

/// <summary>Why a picture is not in a database.</summary>
public enum ImportProblem
{
    /// <summary>It is missing or cannot be decoded.</summary>
    Unreadable,

    /// <summary>Its bytes are those of a picture before, of the same person.</summary>
    Duplicate,

    /// <summary>Its bytes are those of a picture before, which is said to show somebody else.</summary>
    Contradiction,

    /// <summary>The person has too few pictures.</summary>
    FewImages,

    /// <summary>The person or the picture is in the list of those to leave out.</summary>
    Excluded,

    /// <summary>Its extension is that of a kind of picture that is not read.</summary>
    OtherKind,
}
