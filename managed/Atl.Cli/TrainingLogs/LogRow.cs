namespace Atl.Cli.TrainingLogs;

/// <summary>The outputs of one iteration of a training log.</summary>
/// <param name="Iteration">The iteration.</param>
/// <param name="Seconds">The time since the solver began.</param>
internal sealed record LogRow(int Iteration, double Seconds)
{
    /// <summary>The learning rate that the log last named; not a number before the first.</summary>
    public double LearningRate { get; set; } = double.NaN;

    /// <summary>Names and values, in the order of the log.</summary>
    public List<(string Name, double Value)> Outputs { get; } = [];
}
