using Atl.Proto;

namespace Atl.Operators;

/// <summary>
/// The divisor of a sum of losses (at least 1); the values are those of <c>atl_normalization</c> in atl/loss.h.
/// </summary>
internal enum LossNormalization
{
    /// <summary>The number of labels, ignored ones included.</summary>
    Full = 0,

    /// <summary>The number of labels that are not ignored.</summary>
    Valid = 1,

    /// <summary>The number of samples.</summary>
    BatchSize = 2,

    /// <summary>1.</summary>
    None = 3,
}

/// <summary>Reads the normalization that a prototxt asks for.</summary>
internal static class LossNormalizationExtensions
{
    /// <summary>
    /// The normalization that a message asks for: <c>normalization</c>; without it the older <c>normalize</c> (true:
    /// VALID, false: BATCH_SIZE); without either the layer's default.
    /// </summary>
    public static LossNormalization ReadNormalization(this LossParameter? given, LossNormalization otherwise) =>
        given switch
        {
            { HasNormalization: true } => (LossNormalization)given.Normalization,
            { HasNormalize: true } => given.Normalize ? LossNormalization.Valid : LossNormalization.BatchSize,
            _ => otherwise,
        };

    /// <summary>The label that does not count, if there is one.</summary>
    public static int? ReadIgnoredLabel(this LossParameter? given) => given is { HasIgnoreLabel: true }
        ? given.IgnoreLabel : null;
}
