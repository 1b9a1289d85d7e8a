using Atl.Devices;
using Atl.Native;
using AngleEdge = Atl.Proto.AngleEdge;

namespace Atl.Operators;

/// <summary>
/// The rule for a label's logit s; the values are those of <c>atl_label_rule</c> in atl/label_logits.h.
/// </summary>
internal enum LabelRule
{
    /// <summary>s + b where s &gt; −b, else s.</summary>
    Add = 0,

    /// <summary>a·s + b.</summary>
    Scale = 1,

    /// <summary>sign(s)·|s|^a.</summary>
    Power = 2,

    /// <summary>cos(a·acos(s) + b) − c.</summary>
    Angle = 3,
}

/// <summary>The shape of logits and what changes in them.</summary>
/// <param name="Samples">M, the rows.</param>
/// <param name="Classes">N, the logits of a row.</param>
/// <param name="Rule">What becomes of the label's logit.</param>
internal sealed record LabelLogitsSpec(int Samples, int Classes, LabelRule Rule) : OperatorSpec<LabelLogits>
{
    /// <summary>The behavior of <see cref="LabelRule.Angle"/> beyond π.</summary>
    public AngleEdge Edge { get; init; }

    /// <summary>Whether labels' logits that are not positive stay.</summary>
    public bool OnlyPositive { get; init; }

    /// <summary>The largest slope of the label's logit in the backward, the minimum being 0; 0: as it is.</summary>
    public float SlopeLimit { get; init; }

    /// <summary>t: logits above the label's new one become t·s + t − 1.</summary>
    public float Hard { get; init; } = 1;

    /// <summary>The logits and their change as the native library takes them.</summary>
    internal NativeLabelLogits Describe(LabelConstants constants) => new()
    {
        M = Samples,
        N = Classes,
        Rule = Rule,
        Edge = (Native.AngleEdge)Edge,
        OnlyPositive = OnlyPositive ? 1 : 0,
        A = constants.A,
        B = constants.B,
        C = constants.C,
        SlopeLimit = SlopeLimit,
        Others = constants.Others,
        Hard = Hard,
    };
}

/// <summary>The constants of a <see cref="LabelRule"/> in one forward, which may be annealed.</summary>
/// <param name="A">a.</param>
/// <param name="B">b.</param>
/// <param name="C">c.</param>
/// <param name="Others">The factor on the logits that are not the label's.</param>
internal readonly record struct LabelConstants(float A, float B = 0, float C = 0, float Others = 1);

/// <summary>
/// A margin on the logit of each sample's label, M × N in plain order; the formulas are in native/margin/label_logit.h.
/// A sample of label −1 has none, and its row stays.
/// </summary>
internal abstract class LabelLogits(Device device) : Operator(device)
{
    /// <summary>y from x, which may be y; keeps two numbers a sample for the backward.</summary>
    public abstract void Forward(Tensor x, Tensor labels, LabelConstants constants, Tensor y);

    /// <summary>dx from dy, which may be dx; x, what the forward read, is used only with
    /// <see cref="LabelLogitsSpec.Hard"/>.</summary>
    public abstract void Backward(Tensor x, Tensor labels, Tensor dy, Tensor dx);
}
