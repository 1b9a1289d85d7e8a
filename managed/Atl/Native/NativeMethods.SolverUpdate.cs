using System.Runtime.InteropServices;
using Atl.Operators;

namespace Atl.Native;

// atl/solver_update.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_solver_update")]
    internal static partial Status SolverUpdate(
        SolverRule rule, long count, float clipScale, float meanScale, Regularization regularization, float decay, float rate,
        float momentum, float momentum2, float delta, nint w, nint diff, nint firstHistory, nint secondHistory);

    [LibraryImport(Library, EntryPoint = "atl_sum_of_squares")]
    internal static partial Status SumOfSquares(long count, nint x, out double sum);
}
