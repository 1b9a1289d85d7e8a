using Atl.Proto;
using Atl.Solvers;

namespace Atl.SampleLayers;

/// <summary>WarmUp: SGD whose rate grows evenly over the first ten updates.</summary>
[SolverType("WarmUp")]
public sealed class WarmUpSolver(SolverParameter parameter, SolverOptions options)
    : SgdSolver(parameter, options)
{
    private const int Updates = 10;

    /// <inheritdoc/>
    protected override float RateCorrection => Math.Min(1, (Iteration + 1) / (float)Updates);
}
