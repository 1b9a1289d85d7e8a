using Atl.Operators;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// RMSProp: h = (1 − rms_decay)·g² + rms_decay·h; w −= rate·g/(√h + delta). (Caffe's RMSPropSolver; T. Tieleman and G.
/// Hinton, Coursera lecture 6.5, 2012.)
/// </summary>
/// <exception cref="AtlException">momentum is not 0, rms_decay is not in [0, 1), or a setting does not
/// fit.</exception>
[SolverType("RMSProp")]
internal sealed class RmsPropSolver(SolverParameter parameter, SolverOptions options)
    : SgdSolver(parameter, options, SolverRule.RmsProp, 0, parameter.RmsDecay);
