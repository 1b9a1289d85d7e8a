using Atl.Solvers;

namespace Atl.Tests.Solvers;

public class SolverActionSourceTests
{
    [Test]
    public void ASnapshotIsTakenBeforeAStopAndEachOnce()
    {
        SolverActionSource source = new();
        source.Request(SolverAction.Stop);
        source.Request(SolverAction.Snapshot);
        source.Request(SolverAction.Snapshot);
        source.Request(SolverAction.None);
        SolverAction[] taken = [source.Take(), source.Take(), source.Take()];
        Assert.That(taken, Is.EqualTo([SolverAction.Snapshot, SolverAction.Stop, SolverAction.None]));
    }
}
