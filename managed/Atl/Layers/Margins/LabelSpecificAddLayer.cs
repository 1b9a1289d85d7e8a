using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// LabelSpecificAdd: s + bias at the label's logit s where s &gt; −bias, the margin of AM-softmax (bias −0.35). With
/// <c>bias_base</c> the bias is annealed: bias_base + (1 + bias_gamma·t)^bias_power − 1, held in [bias_min, bias_max]
/// where these are given, with t counted from <c>iteration</c>; top[1] reports it. (Wang et al., "Additive Margin
/// Softmax for Face Verification", 2018.)
/// </summary>
[LayerType("LabelSpecificAdd")]
internal sealed class LabelSpecificAddLayer(LayerParameter parameter, LayerContext context)
    : AnnealedLabelLogitsLayer(parameter, context, parameter.LabelSpecificAddParam?.Iteration ?? 0)
{
    private readonly LabelSpecificAddParameter _given = parameter.LabelSpecificAddParam
        ?? new LabelSpecificAddParameter();

    /// <inheritdoc/>
    public override bool ExpectsCosines => true;

    /// <inheritdoc/>
    protected override bool InTest => _given.TransformTest;

    /// <inheritdoc/>
    protected override LabelLogitsSpec Describe(int samples, int classes) => new(samples, classes, LabelRule.Add);

    /// <inheritdoc/>
    protected override LabelConstants NextConstants(IReadOnlyList<Blob> top)
    {
        double bias = _given.Bias;
        if (_given.HasBiasBase)
        {
            bias = _given.BiasBase + Math.Pow(1 + (double)_given.BiasGamma * CountForward(), _given.BiasPower) - 1;
            if (_given.HasBiasMin) bias = Math.Max(bias, _given.BiasMin);
            if (_given.HasBiasMax) bias = Math.Min(bias, _given.BiasMax);
        }
        return new LabelConstants(1, Report("the annealed bias", bias, top));
    }
}
