using Atl.Native;

namespace Atl.Operators;

/// <summary>The decay of a margin's λ from one forward to the next.</summary>
internal static class MarginAnnealing
{
    /// <summary>
    /// max(base · (1 + gamma · t)^−power, least) for forward number t; null where that is not a finite number ≥ 0.
    /// </summary>
    public static float? Lambda(float @base, float gamma, float power, float least, long t) =>
        NativeMethods.MarginLambda(@base, gamma, power, least, t, out float lambda) == Status.Ok ? lambda : null;
}
