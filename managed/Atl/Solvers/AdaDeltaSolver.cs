using Atl.Operators;
using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// AdaDelta: h = (1 − momentum)·g² + momentum·h; s = g·√((delta + k)/(delta + h)); k = (1 − momentum)·s² + momentum·k;
/// w −= rate·s. (Caffe's AdaDeltaSolver; M. Zeiler, "ADADELTA: an adaptive learning rate method", 2012.)
/// </summary>
/// <exception cref="AtlException">A setting does not fit.</exception>
[SolverType("AdaDelta")]
internal sealed class AdaDeltaSolver(SolverParameter parameter, SolverOptions options)
    : SgdSolver(parameter, options, SolverRule.AdaDelta, parameter.Momentum, 0);
