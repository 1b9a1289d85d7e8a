using Atl.Devices;
using Atl.Logging;
using Atl.Operators;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Solvers;

/// <summary>
/// Stochastic gradient descent with momentum: h = rate·g + momentum·h; w −= h, with rate = learning rate·lr_mult. It
/// holds what all solvers share: g is the gradient summed over iter_size passes, clipped to the L2 norm clip_gradients
/// (over all parameters together), divided by iter_size, plus weight_decay·decay_mult·w (L2) or ·sign(w) (L1). (Caffe's
/// SGDSolver.)
/// </summary>
[SolverType("SGD")]
public class SgdSolver : Solver
{
    private readonly LearningRate _learningRate;
    private readonly Regularization _regularization;
    private readonly List<Slot> _slots = [];
    private readonly SolverRule _rule;
    private readonly float _momentum, _momentum2;
    private SumOfSquares? _squares;

    /// <summary>Plain stochastic gradient descent.</summary>
    /// <exception cref="AtlException">A setting does not fit.</exception>
    public SgdSolver(SolverParameter parameter, SolverOptions options)
        : this(parameter, options, SolverRule.Sgd, parameter.Momentum, 0)
    {
    }

    /// <summary>A solver with a rule of its own.</summary>
    /// <param name="parameter">The settings.</param>
    /// <param name="options">How the solver is run.</param>
    /// <param name="rule">How gradients become steps.</param>
    /// <param name="momentum">The rule's momentum (β₁).</param>
    /// <param name="momentum2">The rule's second momentum (rms_decay, β₂).</param>
    private protected SgdSolver(SolverParameter parameter, SolverOptions options, SolverRule rule, float momentum,
        float momentum2)
        : base(parameter, options)
    {
        _rule = rule;
        _momentum = momentum;
        _momentum2 = momentum2;
        _learningRate = new LearningRate(Parameter);
        _regularization = SolverSettings.ReadRegularization(Parameter);
    }

    /// <summary>The history blobs in Caffe's order: the first of every parameter, then, for AdaDelta and Adam, the
    /// second of every parameter.</summary>
    public sealed override IReadOnlyList<Tensor> History =>
        [.. _slots.Select(slot => slot.First), .. _slots.Select(slot => slot.Second).OfType<Tensor>()];

    /// <summary>The factor of the rule on a parameter's rate in this iteration; Adam corrects its bias here.</summary>
    protected virtual float RateCorrection => 1;

    /// <inheritdoc/>
    protected sealed override void SetUp()
    {
        foreach (LearnableParameter learned in Net.LearnableParameters)
            _slots.Add(new Slot(learned, new SolverUpdateSpec(_rule, learned.Blob.Count, _momentum, _momentum2,
                Parameter.Delta), Device, Options.Logger));
    }

    /// <inheritdoc/>
    protected sealed override float ApplyUpdate()
    {
        int stepBefore = _learningRate.CurrentStep;
        float rate = _learningRate.At(Iteration);
        if (_learningRate.CurrentStep != stepBefore && Parameter.LrPolicy == "multistep")
            Options.Logger.Info("sgd_solver.cpp",
                $"MultiStep Status: Iteration {Iteration}, step = {_learningRate.CurrentStep}");
        if (Parameter.Display > 0 && Iteration % Parameter.Display == 0)
            Options.Logger.Info("sgd_solver.cpp", $"Iteration {Iteration}, lr = {LogNumber.Format(rate)}");
        float clip = ClipScale(), mean = 1f / Parameter.IterSize;
        foreach (Slot slot in _slots)
        {
            float decay = Parameter.WeightDecay * slot.Learned.DecayMultiplier;
            SolverStep step = new(
                clip, mean, decay == 0 ? Regularization.None : _regularization, decay,
                rate * slot.Learned.LrMultiplier * RateCorrection);
            slot.Update.Update(step, slot.Learned.Blob.Data, slot.Learned.Blob.Diff, slot.First, slot.Second);
        }
        return rate;
    }

    /// <inheritdoc/>
    protected sealed override void SaveHistory(SolverState state)
    {
        state.CurrentStep = _learningRate.CurrentStep;
        foreach (Tensor history in History) state.History.Add(history.ToProto());
    }

    /// <inheritdoc/>
    protected sealed override void CheckHistory(SolverState state, string path)
    {
        IReadOnlyList<Tensor> history = History;
        if (state.History.Count != history.Count)
            throw new SolverException(
                $"{path}: a solver state with {state.History.Count} history blobs, expected {history.Count} "
                + $"({_rule} over {_slots.Count} parameters): it was written by another type of solver or for "
                + "another net");
        for (int i = 0; i < history.Count; i++)
            if (!new Blob(history[i].Shape).ShapeEquals(state.History[i]))
            {
                LearnableParameter learned = _slots[i % _slots.Count].Learned;
                throw new SolverException(
                    $"{path}: history blob {i} has shape {state.History[i].StoredShape()}, "
                        + $"expected {history[i].Shape} of parameter {learned.Index} of layer '{learned.Layer}'");
            }
    }

    /// <inheritdoc/>
    protected sealed override void LoadHistory(SolverState state)
    {
        Options.Logger.Info("sgd_solver.cpp", $"SGDSolver: restoring history");
        _learningRate.CurrentStep = state.CurrentStep;
        IReadOnlyList<Tensor> history = History;
        for (int i = 0; i < history.Count; i++) state.History[i].CopyDataTo(history[i]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Slot slot in _slots) slot.Dispose();
            _squares?.Dispose();
        }
        base.Dispose(disposing);
    }

    private float ClipScale()
    {
        if (Parameter.ClipGradients < 0) return 1;
        _squares ??= Device.Create(new SumOfSquaresSpec(_slots.Sum(slot => slot.Learned.Blob.Count)), Options.Logger);
        float norm = (float)Math.Sqrt(_squares.Compute([.. _slots.Select(slot => slot.Learned.Blob.Diff)]));
        if (!float.IsFinite(norm))
            ReportNonFinite($"the gradient of iteration {Iteration} is not finite", NonFinite.FindInGradients);
        if (!(norm > Parameter.ClipGradients)) return 1;
        float scale = Parameter.ClipGradients / norm;
        Options.Logger.Info("sgd_solver.cpp",
            $"Gradient clipping: scaling down gradients (L2 norm {LogNumber.Format(norm)} > "
                + $"{LogNumber.Format(Parameter.ClipGradients)}) "
                + $"by scale factor {LogNumber.Format(scale)}");
        return scale;
    }

    /// <summary>A parameter with its history and the operators that update it.</summary>
    private sealed class Slot(LearnableParameter learned, SolverUpdateSpec spec, Device device, ILogger logger)
        : IDisposable
    {
        public LearnableParameter Learned { get; } = learned;

        public Tensor First { get; } = new(learned.Blob.Shape, new MemoryUse("history", learned.Blob));

        public Tensor? Second { get; } = spec.HasSecondHistory
            ? new Tensor(learned.Blob.Shape, new MemoryUse("second history", learned.Blob)) : null;

        public SolverUpdate Update { get; } = device.Create(spec, logger);

        public void Dispose()
        {
            Update.Dispose();
            First.Memory.Dispose();
            Second?.Memory.Dispose();
        }
    }
}
