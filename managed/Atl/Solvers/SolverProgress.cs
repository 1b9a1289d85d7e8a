namespace Atl.Solvers;

/// <summary>The result of one iteration of training.</summary>
/// <param name="Iteration">The iteration that was done, counted from 0: Caffe's "Iteration N" of the loss.</param>
/// <param name="MaxIterations">max_iter.</param>
/// <param name="Loss">The loss, averaged over iter_size.</param>
/// <param name="SmoothedLoss">The loss, averaged over the last average_loss iterations: what Caffe displays.</param>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="Lambda">λ of the net's margin layer in its last forward; null where the net has none.</param>
/// <param name="ImagesPerSecond">Training samples a second, smoothed over about ten iterations; tests and snapshots not
/// counted.</param>
/// <param name="IterationsPerSecond">Iterations a second, smoothed likewise.</param>
public sealed record SolverProgress(
    int Iteration, int MaxIterations, float Loss, float SmoothedLoss, float LearningRate, float? Lambda,
    double ImagesPerSecond, double IterationsPerSecond);
