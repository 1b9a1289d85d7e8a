namespace Atl.Proto;

/// <summary>Brings a solver of an older format to the current one, in place.</summary>
internal static class SolverUpgrade
{
    /// <summary>Upgrades the solver, solver_type becoming type, and the nets inside it; says in notes what was
    /// changed.</summary>
    /// <exception cref="AtlException">Both the old and the new field are set, or a net inside can't be
    /// upgraded.</exception>
    public static void Apply(SolverParameter solver, Action<string>? note = null)
    {
        if (solver.HasSolverType)
            UpgradeType(solver, note);
        if (solver.NetParam is not null)
            NetUpgrade.Apply(solver.NetParam, note);
        if (solver.TrainNetParam is not null)
            NetUpgrade.Apply(solver.TrainNetParam, note);
        foreach (NetParameter net in solver.TestNetParam)
            NetUpgrade.Apply(net, note);
    }

    private static void UpgradeType(SolverParameter solver, Action<string>? note)
    {
        string place = SourceMap.Find(solver, SolverParameter.SolverTypeFieldNumber) is { } location
            ? $"{location}: " : "";
        if (solver.HasType)
            throw new AtlException($"{place}'solver_type' (old) beside 'type' (current), expected one of them");
        solver.Type = solver.SolverType switch
        {
            SolverParameter.Types.SolverType.Sgd => "SGD",
            SolverParameter.Types.SolverType.Nesterov => "Nesterov",
            SolverParameter.Types.SolverType.Adagrad => "AdaGrad",
            SolverParameter.Types.SolverType.Rmsprop => "RMSProp",
            SolverParameter.Types.SolverType.Adadelta => "AdaDelta",
            SolverParameter.Types.SolverType.Adam => "Adam",
            _ => throw new AtlException($"{place}solver_type {(int)solver.SolverType}, expected 0 to 5"),
        };
        solver.ClearSolverType();
        note?.Invoke($"{place}solver_type became type: \"{solver.Type}\"");
    }
}
