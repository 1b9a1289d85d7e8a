using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

/// <summary><c>atl_label_logits</c> of atl/label_logits.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeLabelLogits(LabelLogitsSpec spec, LabelConstants constants)
{
    public readonly long M = spec.Samples;
    public readonly long N = spec.Classes;
    public readonly LabelRule Rule = spec.Rule;
    public readonly int Edge = (int)spec.Edge;
    public readonly int OnlyPositive = spec.OnlyPositive ? 1 : 0;
    public readonly float A = constants.A;
    public readonly float B = constants.B;
    public readonly float C = constants.C;
    public readonly float SlopeLimit = spec.SlopeLimit;
    public readonly float Others = constants.Others;
    public readonly float Hard = spec.Hard;
}
