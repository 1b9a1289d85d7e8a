using Atl.Operators;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// Adam with bias correction: m = (1 − β₁)·g + β₁·m; v = (1 − β₂)·g² + β₂·v; w −= rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v +
/// delta), where β₁ is momentum, β₂ momentum2 and t the number of the update, counted from 1. (Caffe's AdamSolver; D.
/// Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.)
/// </summary>
/// <exception cref="AtlException">A setting does not fit.</exception>
[SolverType("Adam")]
internal sealed class AdamSolver(SolverParameter parameter, SolverOptions options)
    : SgdSolver(parameter, options, SolverRule.Adam, parameter.Momentum, parameter.Momentum2)
{
    /// <inheritdoc/>
    protected override float RateCorrection =>
        (float)(Math.Sqrt(1 - Math.Pow(Parameter.Momentum2, Iteration + 1))
            / (1 - Math.Pow(Parameter.Momentum, Iteration + 1)));
}
