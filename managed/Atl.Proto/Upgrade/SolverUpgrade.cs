namespace Atl.Proto;

/// <summary>Brings a solver of an older format to the current one, in place.</summary>
public static class SolverUpgrade
{
    /// <summary>Upgrades the solver and the nets inside it, and says in notes what was changed.</summary>
    public static void Apply(SolverParameter solver, Action<string>? note = null)
    {
        if (solver.NetParam is not null)
            NetUpgrade.Apply(solver.NetParam, note);
        if (solver.TrainNetParam is not null)
            NetUpgrade.Apply(solver.TrainNetParam, note);
        foreach (NetParameter net in solver.TestNetParam)
            NetUpgrade.Apply(net, note);
    }
}
