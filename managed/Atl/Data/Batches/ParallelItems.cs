using System.Runtime.ExceptionServices;

namespace Atl.Data;

/// <summary>Works on many items at once. What ends the run comes out as itself, not within an aggregate.</summary>
internal static class ParallelItems
{
    /// <summary>Calls <paramref name="body"/> for each number from <paramref name="first"/> to below
    /// <paramref name="end"/>.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="end">The number after the last.</param>
    /// <param name="workers">How many are worked on at once, at least one.</param>
    /// <param name="body">Works on one item; what it throws stops the others.</param>
    public static void Run(int first, int end, int workers, Action<int> body)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Max(1, workers) };
        Unwrapped(() => Parallel.For(first, end, options, body));
    }

    /// <summary>Returns the result of parallel work, or throws the first of its exceptions.</summary>
    public static T Unwrapped<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            throw;
        }
    }
}
