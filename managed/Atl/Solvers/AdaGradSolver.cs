using Atl.Operators;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// AdaGrad: h += g²; w −= rate·g/(√h + delta). (Caffe's AdaGradSolver; J. Duchi et al., "Adaptive subgradient methods
/// for online learning and stochastic optimization", JMLR 2011.)
/// </summary>
/// <exception cref="AtlException">momentum is not 0, or a setting does not fit.</exception>
[SolverType("AdaGrad")]
internal sealed class AdaGradSolver(SolverParameter parameter, SolverOptions options)
    : SgdSolver(parameter, options, SolverRule.AdaGrad, 0, 0);
