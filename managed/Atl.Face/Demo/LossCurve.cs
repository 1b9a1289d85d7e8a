using Atl.Face.Report;
using Atl.Solvers;

namespace Atl.Face.Demo;

/// <summary>Collects loss, λ and learning rate of every iteration for a report.</summary>
public sealed class LossCurve : ISolverObserver
{
    private readonly List<TrainingPoint> _points = [];

    /// <summary>One point an iteration.</summary>
    public IReadOnlyList<TrainingPoint> Points => _points;

    /// <inheritdoc/>
    public void OnIteration(Solver solver, SolverProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        _points.Add(new TrainingPoint(progress.Iteration, progress.Loss, progress.Lambda, progress.LearningRate));
    }
}
