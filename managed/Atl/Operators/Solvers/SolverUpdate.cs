using Atl.Devices;
using Atl.Native;

namespace Atl.Operators;

/// <summary>
/// The rule by which a solver turns gradients into steps; the values are those of <c>atl_solver_rule</c> in
/// atl/solver_update.h, which states the formulas.
/// </summary>
internal enum SolverRule
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd = 0,

    /// <summary>Nesterov's accelerated gradient.</summary>
    Nesterov = 1,

    /// <summary>AdaGrad.</summary>
    AdaGrad = 2,

    /// <summary>RMSProp.</summary>
    RmsProp = 3,

    /// <summary>AdaDelta.</summary>
    AdaDelta = 4,

    /// <summary>Adam.</summary>
    Adam = 5,
}

/// <summary>
/// The term that weight decay adds to the gradient; the values are those of <c>atl_regularization</c> in
/// atl/solver_update.h.
/// </summary>
internal enum Regularization
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>decay·w.</summary>
    L2 = 1,

    /// <summary>decay·sign(w).</summary>
    L1 = 2,
}

/// <summary>The update of one parameter.</summary>
/// <param name="Rule">The solver's rule.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Momentum">momentum (β₁ of Adam).</param>
/// <param name="Momentum2">rms_decay of RMSProp, momentum2 (β₂) of Adam.</param>
/// <param name="Delta">delta, which keeps divisions from zero.</param>
internal sealed record SolverUpdateSpec(SolverRule Rule, long Count, float Momentum, float Momentum2, float Delta)
    : OperatorSpec<SolverUpdate>
{
    /// <summary>Whether the rule keeps a second history.</summary>
    public bool HasSecondHistory => Rule is SolverRule.AdaDelta or SolverRule.Adam;

    /// <summary>One update as the native library takes it.</summary>
    internal NativeSolverStep Describe(SolverStep step) => new()
    {
        Count = Count,
        Rule = Rule,
        Regularization = step.Regularization,
        ClipScale = step.ClipScale,
        MeanScale = step.MeanScale,
        Decay = step.Decay,
        Rate = step.Rate,
        Momentum = Momentum,
        Momentum2 = Momentum2,
        Delta = Delta,
    };
}

/// <summary>The values that change from one update to the next.</summary>
/// <param name="ClipScale">What clipping multiplies the gradient by; 1 for none.</param>
/// <param name="MeanScale">1/iter_size.</param>
/// <param name="Regularization">What weight decay adds.</param>
/// <param name="Decay">weight_decay·decay_mult.</param>
/// <param name="Rate">The learning rate·lr_mult (for Adam with the bias correction).</param>
internal readonly record struct SolverStep(float ClipScale, float MeanScale, Regularization Regularization, float Decay,
    float Rate);

/// <summary>
/// g = diff·clip·mean + decay; diff = step(g, history) by the solver's rule; w −= diff: one pass over the parameter, on
/// whatever layout the weights lie in.
/// </summary>
internal abstract class SolverUpdate(Device device) : Operator(device)
{
    /// <summary>Updates weights and histories in place and leaves the step in <paramref name="diff"/>.</summary>
    /// <param name="step">What changes from one update to the next.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="diff">The accumulated gradient, then the step that was taken off the weights.</param>
    /// <param name="history">The rule's history.</param>
    /// <param name="secondHistory">The second history of AdaDelta and Adam; null for the others.</param>
    public abstract void Update(SolverStep step, Tensor weights, Tensor diff, Tensor history, Tensor? secondHistory);

    /// <summary>Refuses tensors of other counts than the update was made for.</summary>
    /// <exception cref="ShapeException">A count differs.</exception>
    protected static void CheckCounts(SolverUpdateSpec spec, Tensor weights, Tensor diff, Tensor history,
        Tensor? secondHistory)
    {
        if (weights.Count != spec.Count || diff.Count != spec.Count || history.Count != spec.Count
            || (spec.HasSecondHistory && secondHistory?.Count != spec.Count))
            throw new ShapeException($"the update was created for {spec.Count} elements, found weights of shape "
                + $"{weights.Shape}");
    }
}
