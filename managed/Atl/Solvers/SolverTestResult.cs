namespace Atl.Solvers;

/// <summary>The result of a test net, averaged over its test_iter batches.</summary>
/// <param name="Net">The number of the test net.</param>
/// <param name="Iteration">How many updates the weights had seen.</param>
/// <param name="Loss">The weighted loss, where test_compute_loss asks for it.</param>
/// <param name="Scores">Every element of every output, in Caffe's order.</param>
public sealed record SolverTestResult(int Net, int Iteration, double? Loss, IReadOnlyList<SolverTestScore> Scores);

/// <summary>One element of an output of a test net.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Value">The mean value.</param>
/// <param name="LossWeight">The output's weight in the loss; 0 where it is none.</param>
public sealed record SolverTestScore(string Name, double Value, float LossWeight);
