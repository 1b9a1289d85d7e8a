using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// CombinedMargin: cos(m1·θ + m2) − m3 at the label's logit cos θ: SphereFace's, ArcFace's and CosFace's margins in
/// one. Beyond π the angle stays at π unless <c>edge</c> says otherwise, and the label's slope is cut to [0, 2] in the
/// backward, as published, unless <c>exact_gradient</c> is set. (Deng et al., CVPR 2019.)
/// </summary>
[LayerType("CombinedMargin")]
internal sealed class CombinedMarginLayer(LayerParameter parameter, LayerContext context)
: LabelLogitsLayer(parameter, context)
{
    private const float PublishedSlopeLimit = 2;

    private readonly CombinedMarginParameter _given = parameter.CombinedMarginParam ?? new CombinedMarginParameter();

    /// <inheritdoc/>
    public override bool ExpectsCosines => true;

    /// <inheritdoc/>
    public override bool TakesAngles => true;

    /// <inheritdoc/>
    protected override bool InTest => _given.TransformTest;

    /// <inheritdoc/>
    protected override LabelLogitsSpec Describe(int samples, int classes) =>
        new(samples, classes, LabelRule.Angle)
        {
            Edge = _given.Edge,
            SlopeLimit = _given.ExactGradient
            ? 0 : PublishedSlopeLimit
        };

    /// <inheritdoc/>
    protected override LabelConstants NextConstants(IReadOnlyList<Blob> top) => new(_given.M1, _given.M2, _given.M3);

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (!(_given.M1 > 0 && _given.M2 >= 0))
            throw Error(FormattableString.Invariant(
                $"m1 must be positive and m2 not negative, found {_given.M1} and {_given.M2}"));
        if (_given.Edge == AngleEdge.Linear && _given.M1 != 1)
            throw Error(FormattableString.Invariant(
                $"edge LINEAR requires m1 1, found {_given.M1}; use FOLDED with any m1"));
    }
}
