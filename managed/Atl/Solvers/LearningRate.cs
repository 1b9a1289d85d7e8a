using Atl.Proto;

namespace Atl.Solvers;

/// <summary>
/// The learning rate as a function of the iteration t, by lr_policy:
/// fixed: base_lr; step: base_lr·gamma^⌊t/stepsize⌋; exp: base_lr·gamma^t; inv: base_lr·(1 + gamma·t)^(−power);
/// multistep: base_lr·gamma^current_step, where current_step grows by at most one an iteration as t passes the
/// stepvalues; poly: base_lr·(1 − t/max_iter)^power; sigmoid: base_lr/(1 + exp(−gamma·(t − stepsize))). (Caffe's
/// SGDSolver::GetLearningRate.)
/// </summary>
internal sealed class LearningRate
{
    private static readonly string[] Policies = ["fixed", "step", "exp", "inv", "multistep", "poly", "sigmoid"];

    private readonly SolverParameter _parameter;

    /// <summary>Checks what the policy needs.</summary>
    /// <exception cref="SolverException">The policy is unknown or one of its settings is missing or out of
    /// range.</exception>
    public LearningRate(SolverParameter parameter)
    {
        _parameter = parameter;
        string policy = parameter.LrPolicy;
        if (!Policies.Contains(policy))
            throw SolverException.At(
                parameter, SolverParameter.LrPolicyFieldNumber,
                $"unknown lr_policy '{policy}'{NearestName.Hint(policy, Policies)}, expected one of "
                    + $"{string.Join(", ", Policies)}");
        if (policy is "step" or "exp" or "inv" or "multistep" or "sigmoid")
            Require(parameter.Gamma >= 0, SolverParameter.GammaFieldNumber, "gamma", "0 or more", parameter.Gamma);
        if (policy is "step" or "sigmoid")
            Require(parameter.Stepsize > 0, SolverParameter.StepsizeFieldNumber, "stepsize", "more than 0",
                parameter.Stepsize);
        if (policy == "poly")
            Require(parameter.MaxIter > 0, SolverParameter.MaxIterFieldNumber, "max_iter", "more than 0",
                parameter.MaxIter);
    }

    /// <summary>The number of steps taken (policies step and multistep); saved in the solver's state.</summary>
    public int CurrentStep { get; set; }

    /// <summary>The rate of an iteration, counted from 0. Called once an iteration, since it moves
    /// <see cref="CurrentStep"/> on.</summary>
    public float At(int iteration)
    {
        double gamma = _parameter.Gamma, t = iteration;
        switch (_parameter.LrPolicy)
        {
            case "step":
                CurrentStep = iteration / _parameter.Stepsize;
                break;
            case "multistep" when CurrentStep < _parameter.Stepvalue.Count
                && iteration >= _parameter.Stepvalue[CurrentStep]:
                CurrentStep++;
                break;
        }
        double factor = _parameter.LrPolicy switch
        {
            "step" or "multistep" => Math.Pow(gamma, CurrentStep),
            "exp" => Math.Pow(gamma, t),
            "inv" => Math.Pow(1 + gamma * t, -_parameter.Power),
            "poly" => Math.Pow(1 - t / _parameter.MaxIter, _parameter.Power),
            "sigmoid" => 1 / (1 + Math.Exp(-gamma * (t - _parameter.Stepsize))),
            _ => 1,
        };
        return (float)(_parameter.BaseLr * factor);
    }

    private void Require(bool holds, int field, string name, string expected, object found)
    {
        if (!holds)
            throw SolverException.At(
                _parameter, field,
                FormattableString.Invariant(
                    $"lr_policy '{_parameter.LrPolicy}' needs {name} to be {expected}, found {found}"));
    }
}
