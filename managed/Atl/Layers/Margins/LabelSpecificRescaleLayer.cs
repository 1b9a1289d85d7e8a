using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// LabelSpecificRescale: positive_weight·s at the label's logit s (plus 1 − positive_weight with <c>bias_fix</c>;
/// sign(s)·|s|^positive_weight with <c>power_on_positive</c>; only where s &gt; 0 with <c>for_ip</c>),
/// negative_weight·s at the others. With <c>positive_weight_base</c> the weight is annealed in training:
/// positive_weight_base·(1 + gamma·t)^(−power), within the bounds that are given, with t counted from <c>iteration</c>
/// + 1; top[1] reports it.
/// </summary>
[LayerType("LabelSpecificRescale")]
internal sealed class LabelSpecificRescaleLayer(LayerParameter parameter, LayerContext context)
    : AnnealedLabelLogitsLayer(parameter, context, parameter.LabelSpecificRescaleParam?.Iteration ?? 0)
{
    private readonly LabelSpecificRescaleParameter _given = parameter.LabelSpecificRescaleParam
        ?? new LabelSpecificRescaleParameter();

    /// <inheritdoc/>
    protected override bool InTest => _given.RescaleTest;

    /// <inheritdoc/>
    protected override LabelLogitsSpec Describe(int samples, int classes) =>
        new(samples, classes, _given.PowerOnPositive ? LabelRule.Power
            : LabelRule.Scale)
        { OnlyPositive = _given.ForIp };

    /// <inheritdoc/>
    protected override LabelConstants NextConstants(IReadOnlyList<Blob> top)
    {
        double weight = _given.PositiveWeight;
        if (_given.HasPositiveWeightBase && Phase == Phase.Train)
        {
            weight = _given.PositiveWeightBase * Math.Pow(1 + (double)_given.Gamma * (CountForward() + 1),
                -_given.Power);
            if (_given.HasPositiveWeightMin) weight = Math.Max(weight, _given.PositiveWeightMin);
            if (_given.HasPositiveWeightMax) weight = Math.Min(weight, _given.PositiveWeightMax);
        }
        float reported = Report("the annealed weight", weight, top);
        return new LabelConstants(reported, _given.BiasFix ? 1 - reported : 0, Others: _given.NegativeWeight);
    }
}
