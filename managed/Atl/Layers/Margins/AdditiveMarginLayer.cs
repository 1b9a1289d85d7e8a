using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>AdditiveMargin: s − margin at the label's logit s, whatever s is. (CosFace: Wang et al., CVPR
/// 2018.)</summary>
[LayerType("AdditiveMargin")]
internal sealed class AdditiveMarginLayer(LayerParameter parameter, LayerContext context)
: LabelLogitsLayer(parameter, context)
{
    private readonly AdditiveMarginParameter _given = parameter.AdditiveMarginParam ?? new AdditiveMarginParameter();

    /// <inheritdoc/>
    public override bool ExpectsCosines => true;

    /// <inheritdoc/>
    protected override bool InTest => _given.TransformTest;

    /// <inheritdoc/>
    protected override LabelLogitsSpec Describe(int samples, int classes) => new(samples, classes, LabelRule.Scale);

    /// <inheritdoc/>
    protected override LabelConstants NextConstants(IReadOnlyList<Blob> top) => new(1, -_given.Margin);
}
