using Atl.Proto;

namespace Atl.Layers;

/// <summary>One of the two kinds of layer that share the name BN.</summary>
internal sealed record BNKind
{
    private const float SegNetEps = 1e-9f;

    /// <summary>Whether the values are normalized before scale and shift.</summary>
    public required bool Normalizes { get; init; }

    /// <summary>The value added to the variance.</summary>
    public required float Eps { get; init; }

    /// <summary>The share of the running statistics that a batch leaves in place; the rest are the batch's. Null where
    /// there are none.</summary>
    public float? Momentum { get; init; }

    /// <summary>Whether the running statistics count in training, too, and nothing is learned.</summary>
    public bool Frozen { get; init; }

    /// <summary>The parameters' first values: scale and shift, then the running mean and variance, if any.</summary>
    public required IReadOnlyList<FillerParameter?> Fillers { get; init; }

    /// <summary>The first parameter that no solver updates.</summary>
    public int FirstStill => Frozen ? 0 : 2;

    /// <summary>The kind that a message asks for.</summary>
    public static BNKind Of(BNParameter given) => IsSegNet(given) ? SegNet(given) : PspNet(given);

    /// <summary>The fault of a message; null if there is none.</summary>
    public static string? Problem(BNParameter given)
    {
        bool isPspNet = given.SlopeFiller is not null || given.BiasFiller is not null || given.HasMomentum
            || given.HasEps || given.HasFrozen;
        if (IsSegNet(given) && isPspNet)
            return "bn_param: scale_filler, shift_filler and bn_mode are SegNet's, slope_filler, bias_filler, "
                + "momentum, eps and frozen PSPNet's: give those of one";
        if (!(given.Momentum is >= 0 and <= 1)) return $"bn_param.momentum must be 0 to 1, found {given.Momentum}";
        return given.Eps > 0 ? null : $"bn_param.eps must be above 0, found {given.Eps}";
    }

    private static bool IsSegNet(BNParameter given) =>
        given.ScaleFiller is not null || given.ShiftFiller is not null || given.HasBnMode;

    private static BNKind SegNet(BNParameter given) => new()
    {
        Normalizes = given.BnMode == BNParameter.Types.BNMode.Learn,
        Eps = SegNetEps,
        Fillers = [given.ScaleFiller, given.ShiftFiller],
    };

    private static BNKind PspNet(BNParameter given) => new()
    {
        Normalizes = true,
        Eps = given.Eps,
        Momentum = given.Momentum,
        Frozen = given.Frozen,
        Fillers =
        [
            given.SlopeFiller, given.BiasFiller, null,
            new FillerParameter { Type = "constant", Value = given.Frozen ? 1 : 0 },
        ],
    };
}
