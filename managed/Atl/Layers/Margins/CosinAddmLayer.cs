using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// CosinAddm: cos(θ + m) at the label's logit cos θ, ArcFace's margin; beyond π cos θ − m·sin m unless <c>edge</c> says
/// otherwise. With <c>t</c> other logits s above the
/// label's new one become t·s + t − 1 (SV-X-softmax). (Deng et al., CVPR 2019; Wang et al., 2018.)
/// </summary>
[LayerType("CosinAddm")]
internal sealed class CosinAddmLayer(LayerParameter parameter, LayerContext context)
: LabelLogitsLayer(parameter, context)
{
    private readonly CosinAddmParameter _given = parameter.CosinAddMParam ?? new CosinAddmParameter();

    /// <inheritdoc/>
    public override bool ExpectsCosines => true;

    /// <inheritdoc/>
    public override bool TakesAngles => true;

    /// <inheritdoc/>
    protected override bool InTest => _given.TransformTest;

    /// <inheritdoc/>
    protected override LabelLogitsSpec Describe(int samples, int classes) =>
        new(samples, classes, LabelRule.Angle) { Edge = _given.Edge, Hard = _given.T };

    /// <inheritdoc/>
    protected override LabelConstants NextConstants(IReadOnlyList<Blob> top) => new(1, _given.M);

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (!(_given.M >= 0 && _given.M <= MathF.PI))
            throw Error(FormattableString.Invariant($"m must be an angle in [0, pi], found {_given.M}"));
        if (!(_given.T > 0)) throw Error(FormattableString.Invariant($"t must be positive, found {_given.T}"));
    }
}
