using Atl.Operators;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// Nesterov's accelerated gradient: old = h; h = rate·g + momentum·h; w −= (1 + momentum)·h − momentum·old. (Caffe's
/// NesterovSolver; Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)",
/// 1983.)
/// </summary>
/// <exception cref="AtlException">A setting does not fit.</exception>
[SolverType("Nesterov")]
internal sealed class NesterovSolver(SolverParameter parameter, SolverOptions options)
    : SgdSolver(parameter, options, SolverRule.Nesterov, parameter.Momentum, 0);
