using System.Diagnostics;
using Atl.Logging;
using Microsoft.Extensions.Logging;

namespace Atl.Solvers;

/// <summary>
/// A solver's log: under the name of Caffe's solver.cpp, whichever class writes the line, and with Caffe's lines about
/// the outputs of nets.
/// </summary>
internal sealed class SolverLog(Solver solver)
{
    /// <summary>The tag of its lines.</summary>
    public const string Tag = "solver.cpp";

    private long _shown = Stopwatch.GetTimestamp();
    private int _shownIteration;

    /// <summary>Logs the result of a test net.</summary>
    public static void Show(SolverTestResult result, ILogger logger)
    {
        if (result.Loss is { } loss) logger.Info(Tag, $"Test loss: {LogNumber.Format(loss)}");
        for (int i = 0; i < result.Scores.Count; i++)
        {
            SolverTestScore score = result.Scores[i];
            logger.Info(Tag, $"    Test net output #{i}: {Describe(score.Name, score.Value, score.LossWeight)}");
        }
    }

    /// <summary>Measures the speed from here on.</summary>
    public void Start()
    {
        _shown = Stopwatch.GetTimestamp();
        _shownIteration = solver.Iteration;
    }

    /// <summary>The speed since the last display, the smoothed loss and the training net's outputs.</summary>
    public void Display()
    {
        float seconds = (float)Stopwatch.GetElapsedTime(_shown).TotalSeconds;
        float rate = (solver.Iteration - _shownIteration) / (seconds > 0 ? seconds : 1);
        solver.Options.Logger.Info(Tag, $"Iteration {solver.Iteration} ({LogNumber.Format(rate)} iter/s, "
            + $"{LogNumber.Format(seconds)}s/{solver.Parameter.Display} iters), "
            + $"loss = {LogNumber.Format(solver.SmoothedLoss)}");
        Start();
        Net net = solver.Net;
        int score = 0;
        for (int i = 0; i < net.Outputs.Count; i++)
            foreach (float value in net.Outputs[i].Data.AsReadOnlySpan())
                solver.Options.Logger.Info(Tag, $"    Train net output #{score++}: "
                    + $"{Describe(net.Outputs[i].Name, value, net.OutputLossWeight(i))}");
    }

    private static string Describe(string name, double value, float lossWeight) => lossWeight == 0
        ? $"{name} = {LogNumber.Format(value)}"
        : $"{name} = {LogNumber.Format(value)} (* {LogNumber.Format(lossWeight)} = "
            + $"{LogNumber.Format(lossWeight * value)} loss)";
}
