using Atl.Solvers;

namespace Atl.Face.Runs;

/// <summary>Which iterations are read: enough for curves, and no more than training can spare.</summary>
internal static class ReadingSchedule
{
    private const int ReadingsInAll = 2000;
    private const int DetailsInAll = 50;

    /// <summary>Whether an iteration's scalars are read: when the solver displays it, and about 2000 times a
    /// run.</summary>
    public static bool IsDue(Solver solver) => IsDisplayed(solver)
        || solver.Iteration % Every(solver, ReadingsInAll) == 0;

    /// <summary>Whether histograms and images are taken: about 50 times a run.</summary>
    public static bool AreDetailsDue(Solver solver) => solver.Iteration % Every(solver, DetailsInAll) == 0;

    /// <summary>Whether the solver displays an iteration.</summary>
    public static bool IsDisplayed(Solver solver) => solver.Parameter.Display > 0
        && solver.Iteration % solver.Parameter.Display == 0;

    private static int Every(Solver solver, int inAll) => Math.Max(1, solver.Parameter.MaxIter / inAll);
}
