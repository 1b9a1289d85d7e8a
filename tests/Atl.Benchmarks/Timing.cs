using System.Diagnostics;

namespace Atl.Benchmarks;

/// <summary>How long things take.</summary>
internal static class Timing
{
    /// <summary>The time of one call in milliseconds.</summary>
    public static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The least time of each action in milliseconds, over rounds in which each runs once; a round before them
    /// warms up.</summary>
    public static double[] Least(int rounds, params Action[] actions)
    {
        double[] least = [.. actions.Select(_ => double.PositiveInfinity)];
        foreach (Action action in actions) action();
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < actions.Length; i++) least[i] = Math.Min(least[i], Milliseconds(actions[i]));
        return least;
    }
}
