namespace Atl.Linting;

/// <summary>The outcome for a file, or for one net in it.</summary>
internal enum LintStatus
{
    /// <summary>It is a net of the other phase: the rules of this one leave out every layer that gives data.</summary>
    OtherPhase,

    /// <summary>The net was built for its shapes, or the solver and its nets are sound.</summary>
    Built,

    /// <summary>It cannot be built without a file that is not here.</summary>
    NeedsFile,

    /// <summary>It does not fit the shape that was assumed for data that is not here, and may fit that of its own
    /// data.</summary>
    NeedsShape,

    /// <summary>It has a layer of a type that this engine does not have, or of Python.</summary>
    UnknownLayer,

    /// <summary>It is wrong.</summary>
    Error,
}
